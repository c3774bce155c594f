from itertools import product
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from shared.database.unit import Database
from shared.security.roles import Role
from tests.unit.certificate.paper.scene import certificates, received, used
from tests.unit.certificate.web import API, bearer, committed, person, sign_in

KEEPERS = {Role.SECRETARIAT, Role.HEAD_OF_GENERAL_AFFAIRS}
VIEWERS = KEEPERS | {Role.AUDITOR}
NOBODYS = UUID(int=7)
LISTS = ("paper", "paper/ranges", "paper/waiting", "paper/sheets", "paper/sheets.csv")
ACTS = ("paper/ranges", "paper/runs", f"paper/sheets/{NOBODYS}/spoil", f"paper/sheets/{NOBODYS}/hand-over")
FILES = (f"paper/runs/{NOBODYS}/pdf", f"paper/sheets/{NOBODYS}/pdf", f"paper/sheets/{NOBODYS}/receipt")


@pytest.mark.parametrize(("role", "place"), [*product(Role, LISTS)])
def test_the_stock_is_read_by_its_keepers_and_the_auditor(client: FlaskClient, role: Role, place: str) -> None:
    answer = client.get(f"{API}/{place}", headers=bearer(person(role)))
    assert answer.status_code == (200 if role in VIEWERS else 403)


@pytest.mark.parametrize(("role", "place"), [*product(sorted(set(Role) - KEEPERS), ACTS)])
def test_only_keepers_change_it(client: FlaskClient, role: Role, place: str) -> None:
    assert client.post(f"{API}/{place}", json={}, headers=bearer(person(role))).status_code == 403


@pytest.mark.parametrize(("role", "place"), [*product(Role, FILES)])
def test_only_keepers_take_files_to_print(client: FlaskClient, role: Role, place: str) -> None:
    answer = client.get(f"{API}/{place}", headers=bearer(person(role)))
    assert answer.status_code == (404 if role in KEEPERS else 403)


def test_an_auditor_sees_the_pages_without_their_buttons(client: FlaskClient, database: Database) -> None:
    def stocked(session):  # type: ignore[no-untyped-def]
        received(session)
        return used(session, *certificates(session, 1))[0].id

    sheet = committed(database, stocked)
    csrf = sign_in(client, person(Role.AUDITOR))
    for place in ("", "/waiting", "/sheets", f"/sheets/{sheet}"):
        shown = client.get(f"/certificate/paper{place}")
        assert shown.status_code == 200
        assert "Catat penerimaan" not in shown.text
        assert "Catat rusak" not in shown.text
        assert "Pakai lembar" not in shown.text
    assert client.post(f"/certificate/paper/sheets/{sheet}/spoil", data={"csrf_token": csrf}).status_code == 403
