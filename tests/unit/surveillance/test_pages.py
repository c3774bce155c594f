"""The pages of holders, reviewers and the head of certification."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from services.surveillance.domain.workflow import State
from services.surveillance.models import Surveillance
from shared.contracts.surveillance import SurveillanceReported
from shared.database.unit import Database
from shared.security.actor import Actor
from shared.security.roles import Role
from tests.pdfs import ACTIVE, write_pdf
from tests.unit.surveillance.asking import CERTIFICATE, DUE, FIRST, SECOND, ask, hold, sign_in
from tests.unit.surveillance.facts import HEAD, HOLDER, STRANGER, UNITS, report, told
from tests.unit.surveillance.test_api import PDF

Move = Callable[[date], None]
FORM = f"/surveillance/reports/{FIRST}"


@pytest.fixture(autouse=True)
def _opened(app: object, database: Database, on_day: Move) -> None:
    on_day(DUE - timedelta(days=20))
    hold(database)


def fields(**changes: Any) -> dict[str, Any]:
    """The report as a browser sends it: flat, booleans in words."""
    flat: dict[str, Any] = {}
    for name, value in report(**changes).items():
        if isinstance(value, list):
            for index, row in enumerate(value):
                flat |= {f"{name}.{index}.{part}": text for part, text in row.items()}
        else:
            flat[name] = {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value
    return flat


def send(client: FlaskClient, who: Actor, path: str, data: dict[str, Any]) -> Any:
    return client.post(path, data={**data, "csrf_token": sign_in(client, who)})


def state(database: Database) -> State:
    with database.reading() as session:
        return session.scalars(select(Surveillance.state).where(Surveillance.id == FIRST)).one()


def test_a_holder_finds_the_report_that_is_due(client: FlaskClient) -> None:
    sign_in(client, HOLDER)
    page = client.get("/surveillance/").text
    assert FORM in page
    assert "91011 2622 5 000001 2026, tahun ke-1" in page


def test_the_form_has_a_row_for_every_unit_of_the_certificate(client: FlaskClient) -> None:
    sign_in(client, HOLDER)
    page = client.get(FORM).text
    assert UNITS[0] in page
    assert 'name="units.0.frequency"' in page
    assert "Kirim laporan" in page


def test_a_form_with_gaps_comes_back_with_what_was_typed(client: FlaskClient, database: Database) -> None:
    answer = send(client, HOLDER, FORM, fields(position="", employer="Perpustakaan Yang Diketik"))
    assert answer.status_code == 422
    assert "Perpustakaan Yang Diketik" in answer.text
    assert re.search(r'id="f-position-error"', answer.text)
    assert told(database, SurveillanceReported) == []


def test_a_complete_form_is_handed_in(client: FlaskClient, database: Database) -> None:
    answer = send(client, HOLDER, FORM, fields())
    assert (answer.status_code, state(database)) == (303, State.REPORTED)
    assert "Laporan terkirim" in client.get(answer.headers["Location"]).text
    shown = client.get(FORM).text
    assert "Perpustakaan Contoh" in shown
    assert "Kirim laporan" not in shown


def test_a_draft_is_saved_with_its_gaps_and_found_again(client: FlaskClient, database: Database) -> None:
    answer = send(client, HOLDER, f"{FORM}/draft", {"employer": "Setengah Jadi Contoh", "units.0.unit": UNITS[0]})
    assert (answer.status_code, state(database)) == (303, State.OPEN)
    assert "Setengah Jadi Contoh" in client.get(FORM).text


def test_a_row_of_evidence_is_added_without_sending(client: FlaskClient, database: Database) -> None:
    answer = send(client, HOLDER, FORM, {**fields(), "_add": "evidence"})
    assert (answer.status_code, state(database)) == (200, State.OPEN)
    assert 'name="evidence.1.title"' in answer.text


def test_an_uploaded_document_can_be_chosen_as_evidence(client: FlaskClient) -> None:
    answer = send(client, HOLDER, f"{FORM}/documents", {"file": (BytesIO(PDF), "karya contoh.pdf")})
    assert answer.status_code == 303
    page = client.get(FORM).text
    assert "karya contoh.pdf" in page
    assert 'name="evidence.0.document"' in page


def test_who_uploads_a_pdf_with_a_script_learns_what_to_do(client: FlaskClient) -> None:
    active = write_pdf(ACTIVE["a script in the tree of names"][0], packed=True)
    send(client, HOLDER, f"{FORM}/documents", {"file": (BytesIO(active), "karya contoh.pdf")})
    page = client.get(FORM).text
    assert "Berkas itu memuat skrip (program kecil)." in page
    assert "Berkas ini memuat skrip (program kecil). Buka dengan hati-hati." in page


def test_a_damaged_pdf_is_told_at_the_upload(client: FlaskClient) -> None:
    answer = send(client, HOLDER, f"{FORM}/documents", {"file": (BytesIO(b"%PDF-1.4\n"), "karya contoh.pdf")})
    assert "PDF ini rusak" in client.get(answer.headers["Location"]).text


def test_an_upload_of_the_wrong_kind_says_so(client: FlaskClient) -> None:
    answer = send(client, HOLDER, f"{FORM}/documents", {"file": (BytesIO(b"teks"), "x.txt")})
    assert "Jenis berkas tidak diterima" in client.get(answer.headers["Location"]).text


def test_a_form_without_its_secret_changes_nothing(client: FlaskClient, database: Database) -> None:
    sign_in(client, HOLDER)
    assert client.post(FORM, data=fields()).status_code == 403
    assert state(database) is State.OPEN


def test_a_reviewer_finds_the_report_and_answers_it(client: FlaskClient, database: Database) -> None:
    ask(client, HOLDER, f"/reports/{FIRST}/file", report())
    sign_in(client, HEAD)
    assert FORM in client.get("/surveillance/").text
    assert f"{FORM}/review" in client.get(FORM).text
    assert "Perpustakaan Contoh" in client.get(f"{FORM}/review").text
    refused = send(client, HEAD, f"{FORM}/review", {"outcome": "clarification_needed"})
    assert refused.status_code == 422
    answer = send(client, HEAD, f"{FORM}/review", {"outcome": "maintained"})
    assert (answer.status_code, state(database)) == (303, State.MAINTAINED)


def test_the_inventory_shows_the_filter_and_the_sheet(client: FlaskClient, on_day: Move) -> None:
    on_day(date(2029, 6, 1))
    sign_in(client, HEAD)
    page = client.get("/surveillance/inventory?within=365&status=valid&endpoint=x").text
    assert "91011 2622 5 000001 2026" in page
    sheet = client.get("/surveillance/inventory.csv?everything=true")
    assert "91011 2622 5 000001 2026" in sheet.data.decode("utf-8-sig")
    assert client.get("/surveillance/inventory?within=abc&page=0").status_code == 200


@pytest.mark.parametrize("path", [f"/holdings/{CERTIFICATE}", f"/reports/{FIRST}", f"/reports/{SECOND}"])
def test_pages_of_somebody_else_are_not_found(client: FlaskClient, path: str) -> None:
    sign_in(client, STRANGER)
    assert client.get(f"/surveillance{path}").status_code == 404


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_page_opens_in_both_languages(client: FlaskClient, language: str) -> None:
    sign_in(client, HOLDER, language)
    for path in ("/", "/history", f"/holdings/{CERTIFICATE}", f"/reports/{FIRST}", f"/reports/{SECOND}"):
        assert client.get(f"/surveillance{path}").status_code == 200
    sign_in(client, HEAD, language)
    for path in ("/", "/inventory", f"/holdings/{CERTIFICATE}", f"/reports/{FIRST}"):
        assert client.get(f"/surveillance{path}").status_code == 200


def test_who_has_no_part_in_it_is_told_so(client: FlaskClient) -> None:
    sign_in(client, Actor(STRANGER.id, "Orang Contoh", "o@contoh.test", frozenset({Role.SECRETARIAT})))
    assert "Tidak ada pekerjaan surveilan" in client.get("/surveillance/").text
