"""Cookies, over https and without."""

import ast
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from shared.settings import settings
from tests.unit.web.conftest import person, sign_in

ROOT = Path(__file__).parents[3]


@pytest.fixture
def _https(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOMPETEN_PUBLIC_URL", "https://lsp.contoh.test")
    settings.cache_clear()


@pytest.mark.usefixtures("_https")
def test_where_the_address_is_https_a_cookie_is_of_this_host_alone(client: FlaskClient) -> None:
    lines = client.get("/tiny/sign?lang=en", base_url="https://lsp.contoh.test").headers.getlist("Set-Cookie")
    assert len(lines) == 3, "the form's, the browser's for what is typed, and the language's"
    for line in lines:
        assert line.startswith("__Host-"), line
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(line.split("; ")), line
        assert "domain=" not in line.lower(), line


@pytest.mark.usefixtures("_https")
def test_a_cookie_without_the_prefix_signs_nobody_in(client: FlaskClient) -> None:
    """A neighbour under the same domain can set such a one, and none with it."""
    sign_in(client, person())
    assert client.get("/tiny/notes/new", base_url="https://lsp.contoh.test").location.startswith(
        "/registration/sign-in"
    )


def test_without_https_they_have_their_plain_names(client: FlaskClient) -> None:
    lines = client.get("/tiny/sign").headers.getlist("Set-Cookie")
    assert [line.split("=")[0] for line in lines] == ["kompeten_form", "kompeten_kept"]
    assert not any("Secure" in line for line in lines)


def test_the_operator_may_say_otherwise(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOMPETEN_SECURE_COOKIES", "true")
    settings.cache_clear()
    lines = client.get("/tiny/sign").headers.getlist("Set-Cookie")
    assert [line.split("=")[0] for line in lines] == ["__Host-kompeten_form", "__Host-kompeten_kept"]


def test_cookies_are_set_and_read_in_one_place() -> None:
    """Whoever sets one otherwise leaves out the prefix; whoever reads one otherwise does not find it."""
    calls = {"set_cookie", "delete_cookie"}
    guilty = set()
    for folder in ("shared", "services", "kompeten"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                is_read = isinstance(node, ast.Attribute) and node.attr == "cookies"
                if is_read or (isinstance(node, ast.Attribute) and node.attr in calls):
                    guilty.add(path.relative_to(ROOT).as_posix())
    assert guilty == {"shared/web/cookies.py"}
