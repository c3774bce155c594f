"""What a browser with an authenticator does to registration in tests."""

import re
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from services.registration.models import FactorTries, Passkey
from shared.database.unit import Database
from tests.unit.registration.authenticator import Authenticator
from tests.unit.registration.browser import send, sign_in
from tests.unit.registration.people import PASSWORD, told

CODE, ENROLMENT = "/registration/sign-in/code", "/registration/sign-in/enrolment"
OWN, PASSKEYS = "/registration/account/second-factor", "/registration/account/passkeys"
NEW, PROOF, APP = f"{PASSKEYS}/new", f"{OWN}/proof", f"{OWN}/app"
CHAIR, SITI = "ketua@contoh.test", "siti@contoh.test"


def challenge(client: FlaskClient, page: str, path: str = "") -> TestResponse:
    """What passkey.js asks the server for: the options, with the secret of the form on `page`."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).text)
    assert found
    return client.post(path or f"{page}/challenge", headers={"Accept": "application/json", "X-CSRF-Token": found[1]})


def options(client: FlaskClient, page: str, path: str = "") -> dict[str, Any]:
    answer = challenge(client, page, path)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def read_codes(page: str) -> list[str]:
    return re.findall(r"<code>([a-z0-9-]{14})</code>", page)


def enrol(client: FlaskClient, authenticator: Authenticator, name: str = "Telepon") -> list[str]:
    """The first sign-in of the chair, with a passkey: the recovery codes."""
    assert sign_in(client, CHAIR).location.startswith(ENROLMENT)
    answer = authenticator.make(options(client, ENROLMENT))
    page = send(client, ENROLMENT, {"name": name, "credential": answer})
    assert page.status_code == 200, page.text
    return read_codes(page.text)


def show(client: FlaskClient, authenticator: Authenticator, **more: Any) -> TestResponse:
    """The password, and the passkey after it."""
    assert sign_in(client, CHAIR).location.startswith(CODE)
    return send(client, CODE, {"credential": authenticator.show(options(client, CODE), **more)})


def prove(client: FlaskClient, **given: str) -> TestResponse:
    return send(client, PROOF, {"password": PASSWORD, **given})


def add(client: FlaskClient, authenticator: Authenticator, name: str = "Kunci kantor") -> TestResponse:
    answer = authenticator.make(options(client, NEW, f"{PASSKEYS}/challenge"))
    return send(client, NEW, {"name": name, "credential": answer})


def kept(database: Database) -> list[Passkey]:
    with database.reading() as session:
        return list(session.scalars(select(Passkey).order_by(Passkey.made_at)))


def changes(database: Database) -> list[str]:
    with database.reading() as session:
        return [fact["change"] for fact in told(session, "second_factor_changed")]


def failures(database: Database) -> int:
    with database.reading() as session:
        return sum(session.scalars(select(FactorTries.failures)))


def another(number: int = 1) -> Authenticator:
    return Authenticator(credential_id=f"another passkey {number}".encode())
