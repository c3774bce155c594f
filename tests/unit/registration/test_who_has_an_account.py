"""Nobody learns at any door whether an address has an account: not from the answer, nor from the work it takes."""

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from services.registration.commands.accounts import OpenStaffAccount, deactivate_account, open_staff_account
from shared.database.unit import Database
from shared.security.actor import SYSTEM
from shared.security.allowances import open_allowances
from shared.security.roles import Role
from shared.settings import settings
from shared.web import App
from tests.unit.registration.people import PASSWORD, applicant, staff

API = "/registration/api"
PEOPLE = (
    "active@contoh.test",
    "office@contoh.test",
    "closed@contoh.test",
    "invite@contoh.test",
    "nobody@contoh.test",
)
"""An applicant and an officer who sign in, one who was deactivated, one who has not taken up the invitation; nobody."""
OWN = r'(name="(?:csrf_token|idempotency_key)" value="[^"]+"|"correlation_id": ?"[^"]*"|nonce-[^\'"; ]+)'
"""What differs between any two answers."""
STATE = r'name="form_state" value="([^".]*)[^"]*"'
"""What a form says of itself, with digests and a signature that no other browser has."""


@pytest.fixture(autouse=True)
def _people(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOMPETEN_SECOND_FACTOR", "required")
    monkeypatch.setenv("KOMPETEN_LOGIN_TRIES", "1000")
    settings.cache_clear()
    with database.unit_of_work() as session:
        applicant(session, "active@contoh.test")
        staff(session, Role.CHAIR, email="office@contoh.test")
        deactivate_account(session, SYSTEM, applicant(session, "closed@contoh.test").id)
        wanted = OpenStaffAccount(name="Asesor (contoh)", email="invite@contoh.test", roles=[Role.ASSESSOR])
        open_staff_account(session, SYSTEM, wanted)


@contextmanager
def counting(database: Database) -> Iterator[list[str]]:
    """The statements that the block sends to the database."""
    sent: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def asked(app: App, database: Database, path: str, body: Mapping[str, str], language: str) -> tuple[Any, ...]:
    """Status, headers, body and statements of one answer, without what differs between any two."""
    open_allowances()
    client: FlaskClient = app.test_client()
    client.set_cookie("kompeten_language", language)
    headers = {"Accept-Language": language}
    if path.startswith(API):
        with counting(database) as sent:
            answer = client.post(path, json=dict(body), headers=headers)
    else:
        found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path, headers=headers).text)
        assert found
        with counting(database) as sent:
            answer = client.post(path, data={**body, "csrf_token": found[1]}, headers=headers)
    shown = re.sub(STATE, read_state, re.sub(OWN, "", answer.text)).replace(body["email"], "-")
    return (answer.status_code, headers_of(answer), shown, sent)


def read_state(found: re.Match[str]) -> str:
    """Whose form it is, where it stands and goes, and the names of its fields."""
    owner, page, target, secrets, begun = json.loads(urlsafe_b64decode(found[1]))
    return json.dumps([owner, page, target, sorted(secrets), sorted(begun)])


def headers_of(answer: TestResponse) -> list[tuple[str, str]]:
    """With the name alone of a cookie, and without what names the request."""
    kept = [(name, value) for name, value in answer.headers if name != "X-Request-ID"]
    return [(name, value.partition("=")[0] if name == "Set-Cookie" else value) for name, value in kept]


WRONG = {"password": "salah sekali"}
DOORS = {
    "sign in": ("/registration/sign-in", WRONG),
    "sign in as a program": (f"{API}/tokens", WRONG),
    "sign in with a code": (f"{API}/tokens", {**WRONG, "code": "123456"}),
    "enrol": (f"{API}/second-factor/enrolment", WRONG),
    "confirm a factor": (f"{API}/second-factor/confirmation", {**WRONG, "secret": "A" * 32, "code": "123456"}),
    "register": ("/registration/register", {"name": "Siti (contoh)"}),
    "register as a program": (f"{API}/register", {"name": "Siti (contoh)"}),
    "recover": ("/registration/password/forgot", {}),
    "recover as a program": (f"{API}/password-resets", {}),
}


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("door", DOORS)
def test_a_door_answers_all_addresses_alike(app: App, database: Database, door: str, language: str) -> None:
    """This failure mode means a list of who is certified here, drawn from a list of addresses."""
    path, given = DOORS[door]
    answers = [asked(app, database, path, {**given, "email": person}, language) for person in PEOPLE]
    for part in range(4):
        assert [answer[part] for answer in answers] == [answers[-1][part]] * len(PEOPLE)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("door", [door for door, (_, given) in DOORS.items() if "password" in given])
def test_the_right_password_of_a_closed_account_is_a_wrong_one(
    app: App, database: Database, door: str, language: str
) -> None:
    path, given = DOORS[door]
    right = {**given, "password": PASSWORD}
    closed, nobody = (
        asked(app, database, path, {**right, "email": person}, language)
        for person in ("closed@contoh.test", "nobody@contoh.test")
    )
    assert closed == nobody


def test_the_pages_of_the_second_step_are_closed_to_all_without_a_password(app: App) -> None:
    for path in ("/registration/sign-in/code", "/registration/sign-in/enrolment"):
        assert app.test_client().get(path).status_code in (302, 303, 401)
