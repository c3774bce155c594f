"""Who may do what with whose report."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from shared.contracts.surveillance import SurveillanceReviewed
from shared.database.unit import Database
from shared.security.actor import Actor
from shared.security.roles import OFFICERS, Role
from tests.unit.surveillance.asking import API, CERTIFICATE, DUE, FIRST, ask, hold
from tests.unit.surveillance.facts import HOLDER, STRANGER, report, told

MAINTAINED = {"outcome": "maintained"}
OWN = [
    ("GET", f"/holdings/{CERTIFICATE}", None),
    ("GET", f"/reports/{FIRST}", None),
    ("PUT", f"/reports/{FIRST}/draft", {}),
    ("POST", f"/reports/{FIRST}/file", report()),
]
REVIEWERS = {Role.HEAD_OF_CERTIFICATION, Role.HEAD_OF_QUALITY_CONTROL}
READERS = {*OFFICERS, Role.AUDITOR}


@pytest.fixture(autouse=True)
def _opened(database: Database, on_day: Callable[[date], None], app: object) -> None:
    on_day(DUE - timedelta(days=20))
    hold(database)


def somebody(*roles: Role) -> Actor:
    return Actor(UUID(int=50), "Orang Contoh", "orang@contoh.test", frozenset(roles))


@pytest.mark.parametrize(("method", "path", "body"), OWN)
def test_somebody_elses_record_is_not_found(client: FlaskClient, method: str, path: str, body: object) -> None:
    assert ask(client, STRANGER, path, body, method).status_code == 404


@pytest.mark.parametrize(("method", "path", "body"), OWN)
def test_without_a_token_nothing_is_shown(client: FlaskClient, method: str, path: str, body: object) -> None:
    assert client.open(f"{API}{path}", method=method, json=body).status_code == 401


@pytest.mark.parametrize("role", sorted(Role))
def test_only_the_two_heads_review(client: FlaskClient, database: Database, role: Role) -> None:
    ask(client, HOLDER, f"/reports/{FIRST}/file", report())
    answer = ask(client, somebody(role), f"/reports/{FIRST}/review", MAINTAINED)
    assert (answer.status_code == 200) == (role in REVIEWERS)
    assert len(told(database, SurveillanceReviewed)) == (role in REVIEWERS)


@pytest.mark.parametrize("role", sorted(Role))
def test_only_officers_and_auditors_read_the_work_list(client: FlaskClient, role: Role) -> None:
    for path in ("/reviews", "/proposals", f"/holders/{HOLDER.id}/history"):
        assert (ask(client, somebody(role), path).status_code == 200) == (role in READERS)


@pytest.mark.parametrize("role", sorted(Role))
def test_only_the_head_of_certification_and_auditors_see_the_inventory(client: FlaskClient, role: Role) -> None:
    allowed = role in {Role.HEAD_OF_CERTIFICATION, Role.AUDITOR}
    assert (ask(client, somebody(role), "/inventory").status_code == 200) == allowed
    assert (ask(client, somebody(role), "/inventory.csv").status_code == 200) == allowed


def test_nobody_reviews_the_own_certificate(client: FlaskClient) -> None:
    ask(client, HOLDER, f"/reports/{FIRST}/file", report())
    both = Actor(HOLDER.id, HOLDER.name, HOLDER.email, frozenset({Role.APPLICANT, Role.HEAD_OF_CERTIFICATION}))
    answer = ask(client, both, f"/reports/{FIRST}/review", MAINTAINED)
    assert (answer.status_code, answer.json["code"]) == (403, "own-certificate")


def test_an_officer_reports_for_nobody_else(client: FlaskClient) -> None:
    chair = somebody(Role.CHAIR, Role.APPLICANT)
    assert ask(client, chair, f"/reports/{FIRST}/file", report()).status_code == 404
