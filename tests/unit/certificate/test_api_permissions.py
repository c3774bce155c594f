from itertools import product
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from shared.database.unit import Database
from shared.security.roles import OFFICERS, Role
from tests.unit.certificate.scene import Candidate, issued
from tests.unit.certificate.web import API, bearer, committed, person, said

READERS = {*OFFICERS, Role.SECRETARIAT, Role.AUDITOR}
CHAIR_ONLY = ("suspend", "reinstate", "withdraw", "void")


@pytest.fixture
def certificate_id(database: Database, candidate: Candidate) -> UUID:
    found: UUID = committed(database, lambda session: issued(session, candidate)).id
    return found


@pytest.mark.parametrize(("role", "place"), [*product(Role, ("certificates", "certificates.csv", "orders", "work"))])
def test_the_register_is_for_officers_secretariat_and_auditors(client: FlaskClient, role: Role, place: str) -> None:
    status = client.get(f"{API}/{place}", headers=bearer(person(role))).status_code
    assert status == (200 if role in READERS else 403)


@pytest.mark.parametrize(("role", "act"), [*product(sorted(set(Role) - {Role.CHAIR}), CHAIR_ONLY)])
def test_only_the_chair_decides_on_a_certificate(
    client: FlaskClient, certificate_id: UUID, role: Role, act: str
) -> None:
    answer = client.post(f"{API}/certificates/{certificate_id}/{act}", json={}, headers=bearer(person(role)))
    assert answer.status_code == 403


@pytest.mark.parametrize("role", Role)
def test_the_file_is_for_its_holder_and_the_officers(client: FlaskClient, certificate_id: UUID, role: Role) -> None:
    """An officer gets as far as the store, which has no file here; others are turned away before."""
    status = client.get(f"{API}/certificates/{certificate_id}/pdf", headers=bearer(person(role))).status_code
    if role is Role.APPLICANT:
        assert status == 404
    elif role not in OFFICERS:
        assert status == 403


def test_another_applicant_sees_nothing_of_a_certificate(client: FlaskClient, certificate_id: UUID) -> None:
    stranger = bearer(person(Role.APPLICANT))
    assert client.get(f"{API}/certificates/{certificate_id}", headers=stranger).status_code == 404
    assert said(client.get(f"{API}/mine", headers=stranger)) == {"certificates": [], "orders": []}


def test_the_holder_sees_the_own_certificate(client: FlaskClient, certificate_id: UUID, candidate: Candidate) -> None:
    me = bearer(candidate.actor)
    assert client.get(f"{API}/certificates/{certificate_id}", headers=me).status_code == 200
    assert [item["id"] for item in said(client.get(f"{API}/mine", headers=me))["certificates"]] == [str(certificate_id)]


@pytest.mark.parametrize("place", ["mine", "certificates", "orders", "work"])
def test_without_a_token_only_the_check_is_open(client: FlaskClient, place: str) -> None:
    assert client.get(f"{API}/{place}").status_code == 401
    assert client.get(f"{API}/agreement").status_code == 200
