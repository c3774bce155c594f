import pytest
from flask.testing import FlaskClient

from shared.security.roles import OFFICERS, Role
from tests.unit.certificate.web import API, bearer, person, sign_in

WATCHERS = {*OFFICERS, Role.SECRETARIAT, Role.AUDITOR, Role.ADMINISTRATOR}
STARTERS = {*OFFICERS, Role.ADMINISTRATOR}


@pytest.mark.parametrize("role", list(Role))
def test_who_sees_whether_the_register_is_in_order(client: FlaskClient, role: Role) -> None:
    allowed = 200 if role in WATCHERS else 403
    assert client.get(f"{API}/trust", headers=bearer(person(role))).status_code == allowed
    sign_in(client, person(role))
    assert client.get("/certificate/trust").status_code == allowed


@pytest.mark.parametrize("role", list(Role))
def test_who_has_the_store_checked(client: FlaskClient, role: Role) -> None:
    answer = client.post(f"{API}/trust/checks", json={}, headers=bearer(person(role)))
    assert answer.status_code == (202 if role in STARTERS else 403)
    csrf = sign_in(client, person(role))
    answer = client.post("/certificate/trust/checks", data={"csrf_token": csrf})
    assert answer.status_code == (303 if role in STARTERS else 403)


def test_nobody_without_an_account_sees_it(client: FlaskClient) -> None:
    assert client.get(f"{API}/trust").status_code == 401
    assert client.post(f"{API}/trust/checks", json={}).status_code == 401
