"""Prose for strangers: whatever a module offers is explained in a sentence."""

import ast

import pytest

from tests.checks.source import Module, all_modules

FEWEST_WORDS = 3
NOT_YET: dict[str, int] = {}
"""How many definitions of a room have no docstring yet: only ever fewer."""
NO_SENTENCE_YET: dict[str, int] = {}
"""How many docstrings of a room are no sentences yet: only ever fewer."""

MODULES = all_modules()
ROOMS = sorted({module.room for module in MODULES})
KINDS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


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
