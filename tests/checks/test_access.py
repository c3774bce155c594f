"""Who may do what is said in one file of each service: a view names a group of its `access.py`, never a role."""

import ast

import pytest

from tests.checks.source import Module, all_modules

VIEWS = [module for module in all_modules() if {"api", "pages", "api.py", "pages.py"} & set(module.path.split("/"))]
SERVICES = [module for module in VIEWS if module.path.startswith("services/")]
GROUPS = [module for module in all_modules() if module.path.startswith("services/") and module.name == "access"]


def groups_named(code: ast.Module) -> set[str]:
    """What stands in the brackets of the `@allow` of a module's views."""
    calls = [
        mark
        for node in ast.walk(code)
        if isinstance(node, ast.FunctionDef)
        for mark in node.decorator_list
        if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Name) and mark.func.id == "allow"
    ]
    return {ast.unparse(argument) for call in calls for argument in call.args}


def names_from_access(code: ast.Module) -> set[str]:
    return {
        alias.name
        for node in code.body
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith(".access")
        for alias in node.names
    }


def test_there_are_views() -> None:
    assert len(SERVICES) > 40
    assert sum(len(groups_named(module.code)) for module in SERVICES) > 60


@pytest.mark.parametrize("module", SERVICES, ids=lambda module: module.path)
def test_a_view_names_a_group_and_no_role(module: Module) -> None:
    """If this fails: name the group in the service's `access.py`, with a docstring that says why it may."""
    roles = [f"{module.path}: {ast.unparse(node)}" for node in ast.walk(module.code) if is_role(node)]
    assert not roles, roles
    assert groups_named(module.code) <= names_from_access(module.code)


def is_role(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Role"


@pytest.mark.parametrize("module", GROUPS, ids=lambda module: module.path)
def test_a_group_says_why(module: Module) -> None:
    """If this fails: put a docstring under the group: what its members do, and the process step or rule."""
    body = module.code.body
    bare = [
        ast.unparse(node)
        for node, after in zip(body, [*body[1:], None], strict=True)
        if isinstance(node, ast.Assign) and is_group(node) and not is_text(after)
    ]
    assert not bare, bare


def is_group(node: ast.Assign) -> bool:
    """Whether it is a public name for several roles: a tuple, or another group's roles."""
    name = ast.unparse(node.targets[0])
    return not name.startswith("_") and not isinstance(node.value, ast.Call | ast.Constant)


def is_text(node: ast.stmt | None) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
