"""Who is kept out of the accounts' pages."""

from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from shared.security.actor import Actor
from shared.security.roles import Role
from shared.security.tokens import issue_token

ADMINISTRATORS = [
    ("GET", "/registration/accounts"),
    ("GET", "/registration/accounts/new"),
    ("POST", "/registration/accounts/new"),
    ("GET", "/registration/accounts/00000000-0000-0000-0000-000000000001"),
    ("POST", "/registration/accounts/00000000-0000-0000-0000-000000000001"),
    ("POST", "/registration/accounts/00000000-0000-0000-0000-000000000001/deactivate"),
    ("POST", "/registration/accounts/00000000-0000-0000-0000-000000000001/reactivate"),
]
SIGNED_IN = ["/registration/account", "/registration/account/profile", "/registration/account/password"]
PUBLIC = [
    "/registration/",
    "/registration/information",
    "/registration/sign-in",
    "/registration/register",
    "/registration/password/forgot",
]


def as_role(client: FlaskClient, role: Role) -> str:
    token = issue_token(Actor(uuid4(), "Contoh", "a@contoh.test", frozenset({role})), "id")
    client.set_cookie("kompeten_token", token.value)
    return token.csrf


@pytest.mark.parametrize(("method", "path"), ADMINISTRATORS)
def test_only_an_administrator_gets_in(client: FlaskClient, method: str, path: str) -> None:
    let_in = set()
    for role in Role:
        csrf = as_role(client, role)
        if client.open(path, method=method, data={"csrf_token": csrf} if method == "POST" else None).status_code != 403:
            let_in.add(role)
    assert let_in == {Role.ADMINISTRATOR}


@pytest.mark.parametrize(("method", "path"), ADMINISTRATORS)
def test_who_is_not_signed_in_is_sent_to_sign_in(client: FlaskClient, method: str, path: str) -> None:
    assert client.open(path, method=method).location.startswith("/registration/sign-in?next=")


@pytest.mark.parametrize("path", SIGNED_IN)
def test_the_own_account_needs_signing_in(client: FlaskClient, path: str) -> None:
    assert client.get(path).location.startswith("/registration/sign-in?next=")


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_are_open_to_anybody_in_both_languages(client: FlaskClient, path: str) -> None:
    for language in ("id", "en"):
        answer = client.get(path, query_string={"lang": language})
        assert answer.status_code == 200
        assert f'<html lang="{language}">' in answer.text


@pytest.mark.parametrize("path", [path for method, path in ADMINISTRATORS if method == "POST"])
def test_a_form_without_its_secret_changes_nothing(client: FlaskClient, path: str) -> None:
    as_role(client, Role.ADMINISTRATOR)
    assert client.post(path).status_code == 403


def test_only_an_auditor_reads_the_log(client: FlaskClient) -> None:
    answers = {}
    for role in Role:
        as_role(client, role)
        answers[role] = client.get("/registration/audit").status_code
    assert [role for role, status in answers.items() if status == 200] == [Role.AUDITOR]
