"""Names one can search for: verb and noun, and one thing under one name."""

import ast
from collections import Counter, defaultdict

import pytest

from tests.checks.source import Definition, Module, all_modules

SINGLE_WORDS = {
    # read as English wherever they stand, and too well known to be lengthened
    "main", "now", "today", "settings", "paginate", "announce", "enqueue", "offload",
    # the marks of a view, and the counterpart of `unit_of_work`: read where they stand, `@public`, `with reading()`
    "allow", "public", "reading",
    # gettext's own names, which its tools look for
    "gettext", "ngettext",
}  # fmt: skip
MOST_SHARED = 0.03
"""Of the public functions, those whose name stands in another module too."""
MOST_LINES = 300
NO_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "tools"}

MODULES = all_modules()


def is_typed_by_people(function: Definition) -> bool:
    """Whether it is a command of the command line, whose name is the word a person types."""
    return any(
        isinstance(part, ast.Attribute) and part.attr in {"command", "group"}
        for decorator in function.decorator_list
        for part in ast.walk(decorator)
    )


def functions(module: Module) -> list[Definition]:
    found = module.public(ast.FunctionDef, ast.AsyncFunctionDef)
    return [function for function in found if not is_typed_by_people(function)]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.path)
def test_a_function_says_what_it_does_with_what(module: Module) -> None:
    """If this fails: verb and noun (`file_application`), not a word of which there are many."""
    single = {function.name for function in functions(module) if "_" not in function.name} - SINGLE_WORDS
    assert not single


def test_few_functions_share_their_name_with_another() -> None:
    """If this fails: what is searched for is found too often; name what is different about the newest one."""
    places: dict[str, set[str]] = defaultdict(set)
    for module in MODULES:
        for function in functions(module):
            places[function.name].add(module.path)
    shared = sum(len(found) for found in places.values() if len(found) > 1)
    often = Counter({name: len(found) for name, found in places.items() if len(found) > 1}).most_common(20)
    assert shared <= MOST_SHARED * sum(map(len, places.values())), often


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.path)
def test_a_module_is_named_after_what_is_in_it_and_fits_one_page(module: Module) -> None:
    assert module.name not in NO_NAMES
    assert len(module.lines) <= MOST_LINES
