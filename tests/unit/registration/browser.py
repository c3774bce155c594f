"""What a browser and a program do to registration in tests."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from shared.contracts import Fact
from shared.contracts.registration import SignInPaused
from shared.database.unit import Database
from shared.security.roles import Role
from tests.unit.registration.people import PASSWORD, applicant, staff, told_links


def have_applicant(database: Database, email: str = "siti@contoh.test") -> UUID:
    with database.unit_of_work() as session:
        return applicant(session, email).id


def have_staff(database: Database, *roles: Role, email: str = "staf@contoh.test") -> UUID:
    with database.unit_of_work() as session:
        return staff(session, *roles, email=email).id


def bearer(client: FlaskClient, email: str, password: str = PASSWORD) -> dict[str, str]:
    """The header of a program that has signed in."""
    answer = client.post("/registration/api/tokens", json={"email": email, "password": password})
    assert answer.status_code == 201, answer.text
    return {"Authorization": f"Bearer {answer.json['token']}"}  # type: ignore[index]


def send(client: FlaskClient, path: str, data: Mapping[str, Any], form: str | None = None) -> TestResponse:
    """Open the page (`form`, or the path itself), take its form's secret and send the form."""
    shown = client.get(form or path)
    found = re.search(r'name="csrf_token" value="([^"]+)"', shown.text)
    assert found, shown.text
    return client.post(path, data={**data, "csrf_token": found[1]})


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD) -> TestResponse:
    answer = send(client, "/registration/sign-in", {"email": email, "password": password})
    assert answer.status_code == 303, answer.text
    return answer


def cookie(client: FlaskClient, name: str, path: str = "/") -> str | None:
    """The value of a cookie that the browser holds."""
    found = client.get_cookie(name, path=path)
    return found.value if found else None


def token_of(client: FlaskClient) -> str:
    """The token that the browser holds."""
    value = cookie(client, "kompeten_token")
    assert value
    return value


def links_of(database: Database, fact: type[Fact] = SignInPaused) -> list[str]:
    """The links of the letters about this fact."""
    with database.reading() as session:
        return told_links(session, fact)
