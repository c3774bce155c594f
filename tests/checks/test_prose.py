"""Prose for strangers: whatever a module offers is explained in a sentence."""

import ast

import pytest

from tests.checks.source import Definition, Module, all_modules

FEWEST_WORDS = 3
NOT_YET: dict[str, int] = {}
"""How many definitions of a room have no docstring yet: only ever fewer."""
NO_SENTENCE_YET: dict[str, int] = {}
"""How many docstrings of a room are no sentences yet: only ever fewer."""

MODULES = all_modules()
ROOMS = sorted({module.room for module in MODULES})
KINDS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
CLASSES = [node for module in MODULES for node in module.code.body if isinstance(node, ast.ClassDef)]


def is_sentence(text: str, fewest: int = FEWEST_WORDS) -> bool:
    """Whether the first paragraph begins as one, ends as one, and is long enough to hold a verb."""
    first = " ".join(text.split("\n\n")[0].split())
    begins = first[0].isupper() or not first[0].isalpha()
    return begins and first[-1] in ".?:" and len(first.split()) >= fewest


@pytest.mark.parametrize("module", [m for m in MODULES if m.code.body], ids=lambda module: module.path)
def test_a_module_says_what_it_is_about(module: Module) -> None:
    text = ast.get_docstring(module.code)
    assert text
    assert is_sentence(text, fewest=2)


@pytest.mark.parametrize("room", ROOMS)
def test_everything_public_is_explained(room: str) -> None:
    """If this fails: say what comes back, which errors are raised, the units, and where the rule comes from."""
    bare = [
        f"{module.path}:{node.lineno} {node.name}"
        for module in MODULES
        if module.room == room
        for node in module.public(*KINDS)
        if not ast.get_docstring(node)
    ]
    assert len(bare) <= NOT_YET.get(room, 0), "\n".join(bare)


@pytest.mark.parametrize("room", ROOMS)
def test_an_explanation_is_a_sentence(room: str) -> None:
    """If this fails: begin with a capital, end with a full stop, and say something of it."""
    riddles = [
        f"{module.path}:{node.lineno} {text!r}"
        for module in MODULES
        if module.room == room
        for node in module.public(*KINDS)
        if (text := ast.get_docstring(node)) and not is_sentence(text)
    ]
    assert len(riddles) <= NO_SENTENCE_YET.get(room, 0), "\n".join(riddles)


@pytest.mark.parametrize("room", ROOMS)
def test_public_methods_are_explained(room: str) -> None:
    """If this fails: say in a sentence what the method does or gives.

    Free of it are properties of one line, whose name must say all; what a base explains, or a protocol of ours that the
    class keeps to without naming it; and what a base from outside calls.
    """
    bare = [
        f"{module.path}:{method.lineno} {owner.name}.{method.name}"
        for module in MODULES
        if module.room == room
        for owner in module.public(ast.ClassDef)
        for method in owner.body
        if isinstance(method, ast.FunctionDef) and not method.name.startswith("_") and not is_short_property(method)
        if not is_explained(method) and not is_explained_elsewhere(owner, method.name)
    ]
    assert not bare, "\n".join(bare)


def is_explained(method: ast.FunctionDef) -> bool:
    text = ast.get_docstring(method)
    return text is not None and is_sentence(text)


def is_short_property(method: ast.FunctionDef) -> bool:
    marks = {ast.unparse(mark) for mark in method.decorator_list}
    return bool(marks & {"property", "cached_property"}) and len(method.body) == 1


def is_explained_elsewhere(owner: Definition, name: str) -> bool:
    bases = names_of_bases(owner)
    ours = [known for known in CLASSES if known.name in bases and known is not owner]
    outside = set(bases) - {known.name for known in CLASSES} - PLAIN_BASES
    in_bases = any(explains(base, name) or is_explained_elsewhere(base, name) for base in ours)
    return bool(outside) or in_bases or any(explains(protocol, name) for protocol in PROTOCOLS)


def names_of_bases(owner: Definition) -> list[str]:
    """The last parts of the names of a class's bases: `Generic` for `typing.Generic[T]`."""
    found = owner.bases if isinstance(owner, ast.ClassDef) else []
    return [ast.unparse(base).partition("[")[0].rpartition(".")[2] for base in found]


def explains(owner: ast.ClassDef, name: str) -> bool:
    return any(isinstance(part, ast.FunctionDef) and part.name == name and is_explained(part) for part in owner.body)


PLAIN_BASES = {"Protocol", "Generic", "BaseModel", "StrEnum", "Enum", "NamedTuple", "Exception", "RuntimeError"}
"""Bases from outside that call none of our methods."""
PROTOCOLS = [known for known in CLASSES if "Protocol" in names_of_bases(known)]
