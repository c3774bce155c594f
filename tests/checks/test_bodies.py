"""Every route says how much it may be sent, and none may be sent more than the proxy and the servers let through."""

import ast
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kompeten.services import NAMES, find_service
from shared.database.opened import database_of
from shared.web.access import access_of
from shared.web.bodies import FORM, JSON, find_body_limit, largest_body, takes_files
from tests.checks.source import Module, all_modules

View = Callable[..., Any]
METHODS = ("POST", "PUT", "PATCH", "DELETE", "GET")
READERS = {"files", "upload", "checked_upload"}
PAGES = [m for m in all_modules() if m.path.startswith("services/") and "pages" in m.path.replace(".py", "").split("/")]


def routes(name: str) -> Iterator[tuple[str, str, str, View]]:
    app = find_service(name).make_application(database_of(name))
    for rule in app.url_map.iter_rules():
        for method in METHODS:
            if method in (rule.methods or ()) and rule.endpoint != "static":
                yield rule.rule, method, rule.endpoint, app.view_functions[rule.endpoint]


@pytest.mark.parametrize("name", NAMES)
def test_every_route_has_a_limit(name: str) -> None:
    """If this fails: a view takes more than its kind does; give it `@limit_body` with what it needs, and say why."""
    found = list(routes(name))
    assert found
    for rule, method, endpoint, view in found:
        limit = find_body_limit(view, method)
        assert 0 < limit.bytes <= largest_body(), (method, rule)
        assert limit.text <= FORM.bytes, (method, rule)
        if endpoint.startswith("api.") and method != "GET" and access_of(view) is not None:
            assert limit is not FORM or "form" in view.__wrapped__.__annotations__, (method, rule)  # type: ignore[attr-defined]


def test_few_routes_take_more_than_is_usual() -> None:
    larger = {
        f"{method} {rule}"
        for name in NAMES
        for rule, method, _, view in routes(name)
        if find_body_limit(view, method).bytes > FORM.bytes and not takes_files(view)
    }
    # the renewal of a token passes on what any other page takes
    assert larger == {"POST /certificate/api/bulk/lists", "POST /registration/session/renew"}
    assert JSON.bytes == 256 * 1024


@pytest.mark.parametrize("module", PAGES, ids=lambda module: module.path)
def test_a_page_that_reads_a_file_says_so(module: Module) -> None:
    """If this fails: put `@take_upload` on the view whose form has a file."""
    reads = any(isinstance(node, ast.Attribute) and node.attr in READERS for node in ast.walk(module.code))
    marks = any(isinstance(node, ast.Name) and node.id == "take_upload" for node in ast.walk(module.code))
    assert reads == marks


def test_pages_that_read_files_are_found() -> None:
    """The check above is worth something only while it sees them."""
    assert sum(any(isinstance(n, ast.Name) and n.id == "take_upload" for n in ast.walk(m.code)) for m in PAGES) >= 5
