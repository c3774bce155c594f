"""Asking the decision service as somebody, for the tests."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from shared.security import tokens
from shared.security.actor import Actor

API = "/decision/api"


def bearer(actor: Actor) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens.issue_token(actor, 'id').value}"}


def ask(client: FlaskClient, actor: Actor, path: str, body: Any = None, method: str = "") -> TestResponse:
    """GET, or POST where there is a body."""
    chosen = method or ("GET" if body is None else "POST")
    return client.open(f"{API}{path}", method=chosen, json=body, headers=bearer(actor))


def sign_in(client: FlaskClient, actor: Actor, language: str = "id") -> str:
    """Give the browser the cookie; the value its forms must repeat."""
    token = tokens.issue_token(actor, language)
    client.set_cookie("kompeten_token", token.value)
    return token.csrf
