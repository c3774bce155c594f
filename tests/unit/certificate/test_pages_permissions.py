from itertools import product

import pytest
from flask.testing import FlaskClient

from services.certificate.models import Certificate
from shared.database.unit import Database
from shared.security.roles import OFFICERS, Role
from tests.unit.certificate.scene import Candidate, issued
from tests.unit.certificate.web import committed, person, sign_in

CHAIR_ONLY = ("suspend", "reinstate", "withdraw", "void")
READERS = {*OFFICERS, Role.SECRETARIAT, Role.AUDITOR}


@pytest.fixture
def certificate(database: Database, candidate: Candidate) -> Certificate:
    found: Certificate = committed(database, lambda session: issued(session, candidate))
    return found


@pytest.mark.parametrize(("role", "place"), [*product(Role, ("register", "register.csv"))])
def test_the_register_page_is_for_those_who_read_the_register(client: FlaskClient, role: Role, place: str) -> None:
    sign_in(client, person(role))
    assert client.get(f"/certificate/{place}").status_code == (200 if role in READERS else 403)


@pytest.mark.parametrize(("role", "act"), [*product(sorted(set(Role) - {Role.CHAIR}), (*CHAIR_ONLY, "renumber"))])
def test_acts_are_the_chairs(client: FlaskClient, certificate: Certificate, role: Role, act: str) -> None:
    csrf = sign_in(client, person(role))
    assert client.post(f"/certificate/{certificate.id}/{act}", data={"csrf_token": csrf}).status_code == 403


def test_somebody_elses_record_looks_like_none(client: FlaskClient, certificate: Certificate) -> None:
    csrf = sign_in(client, person(Role.APPLICANT))
    for place in (f"{certificate.id}", f"{certificate.id}/pdf", f"agreement/{certificate.application_id}"):
        assert client.get(f"/certificate/{place}").status_code == 404
    signing = client.post(f"/certificate/agreement/{certificate.application_id}", data={"csrf_token": csrf})
    assert signing.status_code == 404
