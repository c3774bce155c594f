"""Asking the surveillance service as somebody, for the tests."""

from datetime import date
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient

from services.surveillance.reactions import derive_surveillance_id
from services.surveillance.timers import advance_reports
from shared.database.unit import Database
from shared.security import tokens
from shared.security.actor import Actor
from tests.unit.surveillance.facts import hear, issued

CERTIFICATE = UUID(int=100)
FIRST = derive_surveillance_id(CERTIFICATE, 1)
SECOND = derive_surveillance_id(CERTIFICATE, 2)
DUE = date(2027, 11, 21)
API = "/surveillance/api"


def bearer(actor: Actor) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens.issue_token(actor, 'id').value}"}


def ask(client: FlaskClient, actor: Actor, path: str, body: Any = None, method: str = "") -> Any:
    """GET, or POST where there is a body."""
    chosen = method or ("GET" if body is None else "POST")
    return client.open(f"{API}{path}", method=chosen, json=body, headers=bearer(actor))


def sign_in(client: FlaskClient, actor: Actor, language: str = "id") -> str:
    """Give the browser the cookie; the value its forms must repeat."""
    token = tokens.issue_token(actor, language)
    client.set_cookie("kompeten_token", token.value)
    return token.csrf


def hold(database: Database, **changes: Any) -> None:
    """A certificate held, and the day's work done."""
    hear(database, issued(**changes))
    advance_reports(database)
