"""Who is kept out of the accounts' API: everybody the view does not name, and everybody without a valid token."""

from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from shared.database.unit import Database
from shared.security.actor import Actor
from shared.security.roles import Role
from shared.security.tokens import issue_token

ACCOUNT = "/registration/api/accounts/00000000-0000-0000-0000-000000000001"
ADMINISTRATORS: list[tuple[str, str, dict[str, Any]]] = [
    ("GET", "/registration/api/accounts", {}),
    ("POST", "/registration/api/accounts", {"name": "X", "email": "x@contoh.test", "roles": ["administrator"]}),
    ("GET", ACCOUNT, {}),
    ("PUT", f"{ACCOUNT}/roles", {"roles": ["administrator"]}),
    ("POST", f"{ACCOUNT}/deactivation", {}),
    ("POST", f"{ACCOUNT}/reactivation", {}),
]
EVERYBODYS_OWN = [
    ("GET", "/registration/api/me", {}),
    ("PUT", "/registration/api/me", {"name": "X", "language": "id"}),
    ("POST", "/registration/api/me/password", {"current": "x", "new": "y"}),
]


def ask(client: FlaskClient, method: str, path: str, body: dict[str, Any], role: Role | None) -> int:
    headers = {}
    if role is not None:
        actor = Actor(uuid4(), "Contoh", "a@contoh.test", frozenset({role}))
        headers["Authorization"] = f"Bearer {issue_token(actor, 'id').value}"
    return client.open(path, method=method, json=body if method != "GET" else None, headers=headers).status_code


@pytest.mark.parametrize(("method", "path", "body"), ADMINISTRATORS)
def test_only_an_administrator_manages_accounts(
    client: FlaskClient, method: str, path: str, body: dict[str, Any]
) -> None:
    answers = {role: ask(client, method, path, body, role) for role in Role}
    assert {role for role, status in answers.items() if status != 403} == {Role.ADMINISTRATOR}


@pytest.mark.parametrize(("method", "path", "body"), ADMINISTRATORS + EVERYBODYS_OWN)
def test_nobody_gets_in_without_a_token(client: FlaskClient, method: str, path: str, body: dict[str, Any]) -> None:
    assert ask(client, method, path, body, None) == 401


def test_only_an_auditor_reads_the_log(client: FlaskClient) -> None:
    answers = {role: ask(client, "GET", "/registration/api/audit", {}, role) for role in Role}
    assert [role for role, status in answers.items() if status == 200] == [Role.AUDITOR]
    assert set(answers.values()) == {200, 403}


def test_a_token_for_an_account_that_is_gone_shows_nothing(client: FlaskClient) -> None:
    assert ask(client, "GET", "/registration/api/me", {}, Role.APPLICANT) == 404


def test_a_cookie_alone_changes_nothing(client: FlaskClient, database: Database) -> None:
    """Another site can make a browser send its cookies, but not the secret of the forms."""
    actor = Actor(uuid4(), "Contoh", "a@contoh.test", frozenset({Role.ADMINISTRATOR}))
    client.set_cookie("kompeten_token", issue_token(actor, "id").value)
    assert ask(client, "POST", "/registration/api/accounts", ADMINISTRATORS[1][2], None) == 403
