"""Which roles may ask what; ownership is tested beside each command."""

from uuid import UUID

import pytest
from flask.testing import FlaskClient

from shared.security.roles import OFFICERS, Role
from tests.unit.registration.api.walk import API, Person
from tests.unit.registration.files import actor

ID = UUID(int=1)
READERS = {Role.SECRETARIAT, *OFFICERS, Role.AUDITOR}
STAFF = {Role.SECRETARIAT, *OFFICERS}
LIST_TAKERS = {Role.SECRETARIAT, Role.HEAD_OF_CERTIFICATION}
FILE_READERS = {Role.APPLICANT, Role.SECRETARIAT, *OFFICERS, Role.ASSESSOR, Role.COMPLAINTS_OFFICER}
"""Complaints officers sit on panels, which read the evidence of their case alone."""
ROUTES: list[tuple[str, str, set[Role]]] = [
    ("GET", "/applications", {Role.APPLICANT}),
    ("POST", "/applications", {Role.APPLICANT}),
    ("GET", f"/applications/{ID}", {Role.APPLICANT}),
    ("PUT", f"/applications/{ID}", {Role.APPLICANT}),
    ("POST", f"/applications/{ID}/file", {Role.APPLICANT}),
    ("POST", f"/applications/{ID}/withdraw", {Role.APPLICANT}),
    ("POST", f"/applications/{ID}/requirements-shown", {Role.APPLICANT}),
    ("GET", f"/applications/{ID}/documents", {Role.APPLICANT}),
    ("POST", f"/applications/{ID}/documents", {Role.APPLICANT}),
    ("DELETE", f"/applications/{ID}/documents/{ID}", {Role.APPLICANT}),
    ("GET", f"/applications/{ID}/self-assessment", {Role.APPLICANT}),
    ("PUT", f"/applications/{ID}/self-assessment", {Role.APPLICANT}),
    ("POST", f"/applications/{ID}/self-assessment/submit", {Role.APPLICANT}),
    ("GET", "/renewals", {Role.APPLICANT}),
    ("GET", f"/documents/{ID}", FILE_READERS),
    ("GET", f"/applications/{ID}/fr-apl-01", FILE_READERS),
    ("GET", f"/applications/{ID}/fr-apl-02", FILE_READERS),
    ("GET", "/verification", READERS),
    ("GET", f"/verification/{ID}", READERS),
    ("PUT", f"/verification/{ID}/items", {Role.SECRETARIAT}),
    ("POST", f"/verification/{ID}/return", {Role.SECRETARIAT}),
    ("POST", f"/verification/{ID}/admit", {Role.SECRETARIAT}),
    ("GET", "/photos", STAFF),
    ("GET", f"/applications/{ID}/photo", {Role.APPLICANT, *STAFF}),
    ("GET", f"/applications/{ID}/photo.jpg", {Role.APPLICANT, *STAFF}),
    ("POST", f"/applications/{ID}/photo", {Role.APPLICANT}),
    ("POST", f"/applications/{ID}/photo/ask", {Role.SECRETARIAT}),
    ("GET", "/requests", LIST_TAKERS),
    ("GET", "/requests.xlsx", LIST_TAKERS),
    ("GET", "/requests/meetings", LIST_TAKERS),
    ("GET", f"/requests/codes/{ID}", LIST_TAKERS),
    ("PUT", f"/requests/codes/{ID}", LIST_TAKERS),
    ("POST", "/periods", {Role.SECRETARIAT}),
    ("PUT", f"/periods/{ID}", {Role.SECRETARIAT}),
    ("POST", "/trial/clock", {Role.ADMINISTRATOR}),
]


@pytest.mark.parametrize(("method", "path", "allowed"), ROUTES)
def test_only_these_roles_get_past_the_door(client: FlaskClient, method: str, path: str, allowed: set[Role]) -> None:
    for role in Role:
        answer = Person(client, actor(role)).ask(method, path)
        assert (answer.status_code == 403 and answer.get_json()["code"] == "not-allowed") != (role in allowed), role
    assert client.open(API + path, method=method).status_code == 401


@pytest.mark.parametrize("path", ["/schemes", "/schemes/layanan-dasar", "/periods"])
def test_schemes_and_periods_are_open_to_anybody(client: FlaskClient, path: str) -> None:
    assert client.get(API + path).status_code == 200
