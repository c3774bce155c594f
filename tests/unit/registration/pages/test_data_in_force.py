"""The page that shows by which schemes, holidays and codes the system works."""

from datetime import date

import pytest
from flask.testing import FlaskClient

from services.registration.access import DATA_READERS
from services.registration.pages import data_in_force as page
from shared.body_data import data_in_force
from shared.database.unit import Database
from shared.schemes import shipped_schemes
from shared.security.roles import Role
from tests.unit.registration.browser import have_staff, sign_in
from tests.unit.registration.pages.test_accounts_permissions import as_role

PATH = "/registration/data"


@pytest.fixture
def desk(client: FlaskClient, database: Database) -> FlaskClient:
    have_staff(database, Role.SECRETARIAT)
    sign_in(client, "staf@contoh.test")
    return client


def test_every_file_in_force_is_shown_with_its_digest(desk: FlaskClient) -> None:
    shown = desk.get(PATH).text
    for file in data_in_force().files.values():
        assert f"<code>{file.name}</code>" in shown
        assert file.sha256 in shown
    assert data_in_force().digest[:12] in shown
    assert "Bawaan sistem" in shown


def test_schemes_are_shown_with_their_units_and_what_files_say_as_it_is_written(desk: FlaskClient) -> None:
    shown = desk.get(PATH).text
    for scheme in shipped_schemes().all():
        assert all(unit.code in shown for unit in scheme.units)
        assert scheme.version in shown
    assert "2026-03-21  # Idulfitri 1447" in shown


def test_a_table_of_holidays_that_ends_is_told(desk: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "today", lambda: date(2026, 10, 1))
    assert "Daftar hari libur hanya sampai" not in desk.get(PATH).text
    monkeypatch.setattr(page, "today", lambda: date(2026, 10, 2))
    assert "Daftar hari libur hanya sampai 31 Desember 2026" in desk.get(PATH).text


def test_it_is_for_staff_and_auditors(client: FlaskClient) -> None:
    answers = {}
    for role in Role:
        as_role(client, role)
        answers[role] = client.get(PATH).status_code
    assert {role for role, status in answers.items() if status == 200} == set(DATA_READERS)


def test_it_leads_nobody_to_a_page_that_refuses_them(client: FlaskClient, database: Database) -> None:
    """Administrators read the data and no files of applicants."""
    as_role(client, Role.ADMINISTRATOR)
    assert "/registration/verification" not in client.get(PATH).text
