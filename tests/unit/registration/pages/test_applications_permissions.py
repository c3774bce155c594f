"""Somebody else's pages look like pages that are not there; other roles are kept out."""

import pytest

from shared.database.unit import Database
from shared.security.roles import Role
from shared.web import App
from tests.unit.registration.browser import have_applicant, have_staff, sign_in
from tests.unit.registration.files import actor, filed

PAGES = (
    "",
    "/form/personal",
    "/requirements",
    "/documents",
    "/file",
    "/self-assessment",
    "/withdraw",
    "/fr-apl-01.pdf",
)


@pytest.fixture
def application(database: Database) -> str:
    with database.unit_of_work() as session:
        return str(filed(session, actor()).id)


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_finds_nothing(app: App, database: Database, application: str, page: str) -> None:
    have_applicant(database, "lain@contoh.test")
    client = app.test_client()
    sign_in(client, "lain@contoh.test")
    assert client.get(f"/registration/applications/{application}{page}").status_code == 404


def test_an_officer_reads_a_file_but_has_no_buttons(app: App, database: Database, application: str) -> None:
    have_staff(database, Role.CHAIR, email="ketua@contoh.test")
    client = app.test_client()
    sign_in(client, "ketua@contoh.test")
    shown = client.get(f"/registration/verification/{application}")
    assert shown.status_code == 200
    assert 'name="act"' not in shown.text


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.ADMINISTRATOR, Role.COMPLAINTS_OFFICER])
def test_others_do_not_see_the_files(app: App, database: Database, application: str, role: Role) -> None:
    have_staff(database, role, email="staf@contoh.test")
    client = app.test_client()
    sign_in(client, "staf@contoh.test")
    assert client.get("/registration/verification").status_code == 403
    assert client.get(f"/registration/verification/{application}").status_code == 403


def test_only_the_secretariat_announces_periods(app: App, database: Database) -> None:
    have_staff(database, Role.CHAIR, email="ketua@contoh.test")
    client = app.test_client()
    sign_in(client, "ketua@contoh.test")
    assert client.get("/registration/periods/new").status_code == 403
    assert client.get("/registration/periods").status_code == 200
