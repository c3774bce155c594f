"""Asking the service over HTTP, as people of any role."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from shared.database.unit import Database
from shared.security import tokens
from shared.security.actor import Actor
from shared.security.roles import Role

API = "/certificate/api"


def person(*roles: Role) -> Actor:
    return Actor(uuid4(), "ORANG CONTOH", "orang@contoh.test", frozenset(roles))


def bearer(actor: Actor) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens.issue_token(actor, 'id').value}"}


def sign_in(client: FlaskClient, actor: Actor, language: str = "id") -> str:
    """Give the browser the cookie; returns the value its forms must repeat."""
    token = tokens.issue_token(actor, language)
    client.set_cookie("kompeten_token", token.value)
    return token.csrf


def committed(database: Database, make: Callable[[Session], Any]) -> Any:
    """What `make` does, in a unit of work of its own."""
    with database.unit_of_work() as session:
        return make(session)


def said(answer: TestResponse) -> dict[str, Any]:
    """The JSON of an answer."""
    found: dict[str, Any] = answer.get_json()
    return found
