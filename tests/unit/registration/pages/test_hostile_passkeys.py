"""What is refused at the sign-in: passkeys of others, answers for other sites, and bytes that are no answer."""

import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from services.registration.models import Account
from shared.database.unit import Database
from shared.web import App
from tests.unit.registration.authenticator import Authenticator, encoded
from tests.unit.registration.browser import have_applicant, send, sign_in
from tests.unit.registration.passkeys import (
    CHAIR,
    CODE,
    ENROLMENT,
    SITI,
    add,
    another,
    enrol,
    failures,
    kept,
    options,
    prove,
    read_codes,
    show,
)

pytestmark = pytest.mark.usefixtures("passkey_site")


def test_another_accounts_passkey_is_none(app: App, client: FlaskClient, database: Database) -> None:
    enrol(client, Authenticator())
    siti = another()
    have_applicant(database, SITI)
    mine = app.test_client()
    sign_in(mine, SITI)
    prove(mine)
    assert read_codes(add(mine, siti).text)
    assert show(app.test_client(), siti).status_code == 422


def test_an_answer_that_names_another_owner_is_none(app: App, client: FlaskClient, database: Database) -> None:
    phone = Authenticator()
    enrol(client, phone)
    assert show(app.test_client(), phone, userHandle=encoded(bytes(16))).status_code == 422
    with database.reading() as session:
        owner = session.scalars(select(Account.id).where(Account.email == CHAIR)).one()
    assert show(app.test_client(), phone, userHandle=encoded(owner.bytes)).status_code == 303


def test_a_passkey_that_is_known_is_registered_by_nobody_else(
    app: App, client: FlaskClient, database: Database
) -> None:
    """This failure mode means that a passkey is moved to a thief's account, its owner locked out."""
    phone = Authenticator()
    enrol(client, phone)
    have_applicant(database, SITI)
    thief = app.test_client()
    sign_in(thief, SITI)
    prove(thief)
    assert add(thief, phone).status_code == 409
    assert add(thief, Authenticator(credential_id=phone.credential_id)).status_code == 409
    assert len(kept(database)) == 1


HOSTILE = {
    "no answer": "",
    "no JSON": "{",
    "deep": "[" * 9000,
    "no UTF-8 in it": json.dumps({"id": "YQ", "clientDataJSON": encoded(b"\xff\xfe"), "attestationObject": "oA"}),
    "numbers": json.dumps({"id": 1, "clientDataJSON": 2, "attestationObject": 3}),
    "much": json.dumps({"id": "YQ", "clientDataJSON": "A" * 15_900, "attestationObject": "oA"}),
    "too much": "A" * 20_000,
    "far too much": "A" * 70_000,
    "NUL": "\x00",
}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_answers_are_refused_and_change_nothing(
    app: App, client: FlaskClient, database: Database, text: str
) -> None:
    first = app.test_client()
    sign_in(first, CHAIR)
    options(first, ENROLMENT)
    refused = send(first, ENROLMENT, {"name": "Telepon", "credential": HOSTILE[text]})
    assert refused.status_code in (409, 413, 422), refused.text
    assert kept(database) == []
    phone = Authenticator()
    enrol(client, phone)
    other = app.test_client()
    sign_in(other, CHAIR)
    options(other, CODE)
    refused = send(other, CODE, {"credential": HOSTILE[text]})
    assert refused.status_code in (413, 422), refused.text
    assert other.get_cookie("kompeten_token") is None
    assert failures(database) == 0, "what nobody can read was no try"


LIES: dict[str, dict[str, Any]] = {
    "another site": {"origin": "https://evil.test"},
    "another host in the request": {"origin": "http://evil.test", "party": "evil.test"},
    "no finger, face or PIN": {"flags": 1},
}


@pytest.mark.parametrize("lie", LIES)
def test_an_answer_for_another_site_is_refused_whatever_the_request_calls_the_host(
    app: App, client: FlaskClient, database: Database, lie: str
) -> None:
    phone = Authenticator()
    enrol(client, phone)
    liar = Authenticator(phone.key, **LIES[lie])
    other = app.test_client()
    sign_in(other, CHAIR)
    asked = options(other, CODE)
    assert asked["rpId"] == "localhost"
    page = other.get(CODE, headers={"Host": "evil.test"}).text
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    form = {"csrf_token": found[1] if found else "", "credential": liar.show(asked)}
    assert other.post(CODE, data=form, headers={"Host": "evil.test"}).status_code in (403, 422)
    assert send(other, CODE, {"credential": liar.show(options(other, CODE))}).status_code == 422
    assert failures(database) >= 1
