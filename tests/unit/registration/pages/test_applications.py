"""An applicant and the secretariat at a browser without JavaScript."""

import re
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from pikepdf import Encryption
from werkzeug.test import TestResponse

from shared.database.unit import Database
from shared.objectstore import object_store
from shared.security.roles import Role
from shared.web import App
from tests.pdfs import ACTIVE, write_pdf
from tests.unit.registration.api.walk import PDF, content
from tests.unit.registration.browser import have_applicant, have_staff, send, sign_in
from tests.unit.registration.files import SCHEME, period
from tests.unit.registration.forms import FILLED

HOME = "/registration/applications"


@pytest.fixture(autouse=True)
def _store_of_its_own(database: Database) -> None:
    object_store.cache_clear()
    with database.unit_of_work() as session:
        period(session)


@pytest.fixture
def applicant(app: App, database: Database) -> FlaskClient:
    have_applicant(database, "sari@contoh.test")
    client = app.test_client()
    sign_in(client, "sari@contoh.test")
    return client


@pytest.fixture
def desk(app: App, database: Database) -> FlaskClient:
    have_staff(database, Role.SECRETARIAT, email="sekretariat@contoh.test")
    client = app.test_client()
    sign_in(client, "sekretariat@contoh.test")
    return client


def flat(name: str, value: Any) -> dict[str, Any]:
    """Nested data as form fields: `work.0.since`."""
    if isinstance(value, dict):
        return {key: leaf for part, inner in value.items() for key, leaf in flat(f"{name}.{part}", inner).items()}
    if isinstance(value, list):
        return {key: leaf for at, inner in enumerate(value) for key, leaf in flat(f"{name}.{at}", inner).items()}
    if isinstance(value, bool):
        return {name: "true"} if value else {}
    return {name: "" if value is None else str(value)}


def started(client: FlaskClient) -> str:
    answer = send(client, f"{HOME}/new", {"scheme_id": SCHEME})
    assert answer.status_code == 303, answer.text
    application = answer.location.removeprefix(f"{HOME}/").removesuffix("/requirements")
    UUID(application)
    assert send(client, answer.location, {"read": "true"}).status_code == 303
    return application


def fill(client: FlaskClient, application: str) -> None:
    sections = {
        "personal": ("personal",),
        "education": ("education", "trainings"),
        "work": ("work", "job"),
        "request": ("purpose", "adjustment"),
    }
    for section, names in sections.items():
        fields = {key: leaf for name in names for key, leaf in flat(name, FILLED[name]).items()}
        answer = send(client, f"{HOME}/{application}/form/{section}", fields)
        assert answer.status_code == 303, answer.text


def upload(client: FlaskClient, application: str, kind: str, data: bytes | None = None) -> TestResponse:
    path = f"{HOME}/{application}/documents"
    secret = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert secret
    fields = {
        "kind": kind,
        "title": "",
        "file": (BytesIO(content(kind) if data is None else data), "berkas.pdf"),
        "csrf_token": secret[1],
    }
    return client.post(path, data=fields, content_type="multipart/form-data")


def filed(client: FlaskClient) -> str:
    application = started(client)
    fill(client, application)
    for kind in ("photo", "diploma", "transcript"):
        assert upload(client, application, kind).status_code == 303
    answer = send(client, f"{HOME}/{application}/file", {"statement": "true", "signature": "Sari Contoh"})
    assert answer.status_code == 303, answer.text
    return application


def verify(client: FlaskClient, application: str, act: str, **wanting: str) -> TestResponse:
    path = f"/registration/verification/{application}"
    names = re.findall(r'name="items\.\d+\.item" value="(\w+)"', client.get(path).text)
    fields: dict[str, str] = {"act": act}
    for at, name in enumerate(names):
        verdict = "inadequate" if name in wanting else "adequate"
        fields |= {
            f"items.{at}.item": name,
            f"items.{at}.verdict": verdict,
            f"items.{at}.reason": wanting.get(name, ""),
        }
    return send(client, path, fields)


def test_an_application_is_filled_page_by_page_and_filed(applicant: FlaskClient) -> None:
    application = filed(applicant)
    shown = applicant.get(f"{HOME}/{application}").text
    assert "Permohonan diajukan (putaran 1)." in shown
    assert "Sekretariat memeriksa kelengkapan berkas." in shown
    assert "Diajukan, menunggu verifikasi" in applicant.get(HOME).text


def test_requirements_rights_and_duties_are_shown_before_filing(applicant: FlaskClient) -> None:
    application = started(applicant)
    shown = applicant.get(f"{HOME}/{application}/requirements").text
    assert re.search(r"Tidak dipungut biaya\.\s+Sertifikat berlaku", shown)
    assert "Hak dan kewajiban" in shown
    assert "Anda sudah membaca ini pada" in shown


def test_what_is_missing_is_listed_with_the_page_to_mend_it(applicant: FlaskClient) -> None:
    application = started(applicant)
    shown = applicant.get(f"{HOME}/{application}/file").text
    assert f"{HOME}/{application}/form/personal" in shown
    assert "Data pribadi, NIK" in shown
    refused = send(applicant, f"{HOME}/{application}/file", {"statement": "true", "signature": "x"})
    assert refused.status_code == 422
    assert "Unggah ijazah." in refused.text


def test_a_section_that_does_not_fit_is_shown_again_with_what_was_typed(applicant: FlaskClient) -> None:
    application = started(applicant)
    path = f"{HOME}/{application}/form/work"
    refused = send(applicant, path, {"work.0.employer": "Perpustakaan Contoh", "work.0.since": "2020-99-01"})
    assert refused.status_code == 422
    assert "Perpustakaan Contoh" in refused.text
    assert 'aria-invalid="true"' in refused.text


def test_rows_are_added_without_javascript(applicant: FlaskClient) -> None:
    application = started(applicant)
    path = f"{HOME}/{application}/form/education"
    grown = send(applicant, path, {"education.0.level": "D2", "_add": "education"})
    assert grown.status_code == 200
    assert 'name="education.1.level"' in grown.text


def test_a_section_that_is_not_there_is_not_found(applicant: FlaskClient) -> None:
    assert applicant.get(f"{HOME}/{started(applicant)}/form/lain").status_code == 404


def test_two_tabs_do_not_overwrite_each_other(applicant: FlaskClient) -> None:
    application = started(applicant)
    path = f"{HOME}/{application}/form/request"
    version = re.search(r'name="version" value="(\d+)"', applicant.get(path).text)
    assert version
    assert send(applicant, path, {"purpose": "other", "version": version[1]}).status_code == 303
    refused = send(applicant, path, {"purpose": "certification", "version": version[1]})
    assert refused.status_code == 409


def test_who_uploads_a_pdf_with_a_script_learns_what_to_do(applicant: FlaskClient) -> None:
    application = started(applicant)
    assert upload(applicant, application, "diploma", write_pdf(ACTIVE["a script at opening"][0])).status_code == 303
    page = applicant.get(f"{HOME}/{application}/documents").text
    assert "memuat skrip (program kecil) dan tindakan yang berjalan sendiri" in page
    assert "cetak dokumennya ke PDF sekali lagi" in page
    assert "Buka dengan hati-hati" in page
    page = applicant.get(f"{HOME}/{application}/documents?lang=en").text
    assert "This file holds a script (a small program) and actions that run by themselves." in page


def test_a_link_in_a_pdf_is_told_and_nobody_is_asked_to_mend_it(applicant: FlaskClient) -> None:
    application = started(applicant)
    upload(applicant, application, "diploma", write_pdf(ACTIVE["a link"][0]))
    page = applicant.get(f"{HOME}/{application}/documents").text
    assert "memuat tautan ke situs lain" in page
    assert "cetak dokumennya" not in page


def test_a_locked_pdf_is_refused_beside_its_field(applicant: FlaskClient) -> None:
    locked = write_pdf(encryption=Encryption(user="rahasia", owner="rahasia"))
    answer = upload(applicant, started(applicant), "diploma", locked)
    assert answer.status_code == 422
    assert "terkunci kata sandi" in answer.text


def test_a_document_is_uploaded_listed_opened_and_removed(applicant: FlaskClient) -> None:
    application = started(applicant)
    upload(applicant, application, "diploma")
    page = applicant.get(f"{HOME}/{application}/documents").text
    link = re.search(r'href="(/registration/documents/[0-9a-f-]+)"', page)
    assert link
    assert applicant.get(link[1]).data == PDF
    removal = re.search(r'action="([^"]+/remove)"', page)
    assert removal
    assert send(applicant, removal[1], {}, form=f"{HOME}/{application}/documents").status_code == 303
    assert "Belum ada dokumen." in applicant.get(f"{HOME}/{application}/documents").text


def test_an_upload_that_is_no_document_is_refused_on_its_field(applicant: FlaskClient) -> None:
    refused = upload(applicant, started(applicant), "diploma", b"MZ")
    assert refused.status_code == 422
    assert "Unggah PDF, JPEG, PNG, atau HEIC." in refused.text


def test_the_secretariat_returns_a_file_and_the_applicant_sees_why(applicant: FlaskClient, desk: FlaskClient) -> None:
    application = filed(applicant)
    assert "SARI CONTOH" in desk.get("/registration/verification").text
    assert verify(desk, application, "return", transcript="Halaman 2 tidak terbaca").status_code == 303
    shown = applicant.get(f"{HOME}/{application}").text
    assert "Halaman 2 tidak terbaca" in shown
    upload(applicant, application, "transcript")
    again = send(applicant, f"{HOME}/{application}/file", {"statement": "true", "signature": "Sari Contoh"})
    assert again.status_code == 303
    assert "Halaman 2 tidak terbaca" in desk.get(f"/registration/verification/{application}").text


def test_a_verdict_without_a_reason_is_refused_on_its_item(applicant: FlaskClient, desk: FlaskClient) -> None:
    application = filed(applicant)
    refused = verify(desk, application, "return", photo="")
    assert refused.status_code == 422
    assert "Tulis alasannya" in refused.text


def test_verdicts_stay_when_admitting_is_refused(applicant: FlaskClient, desk: FlaskClient) -> None:
    application = filed(applicant)
    assert verify(desk, application, "admit", photo="buram").status_code == 409
    assert "buram" in desk.get(f"/registration/verification/{application}").text


def test_an_admitted_applicant_fills_the_self_assessment_and_sends_the_file(
    applicant: FlaskClient, desk: FlaskClient
) -> None:
    application = filed(applicant)
    assert verify(desk, application, "admit").status_code == 303
    path = f"{HOME}/{application}/self-assessment"
    page = applicant.get(path).text
    evidence = re.search(r'name="claims\.0\.evidence" value="([0-9a-f-]+)"', page)
    assert evidence
    units = re.findall(r'name="claims\.(\d+)\.unit" value="([^"]+)"', page)
    elements = dict(re.findall(r'name="claims\.(\d+)\.element" value="([^"]+)"', page))
    fields: dict[str, str] = {}
    for at, unit in units:
        fields |= {f"claims.{at}.unit": unit, f"claims.{at}.element": elements[at], f"claims.{at}.claim": "K"}
    refused = send(applicant, path, {**fields, "act": "submit", "statement": "true", "signature": "Sari Contoh"})
    assert refused.status_code == 422
    assert "Tunjukkan paling sedikit satu dokumen" in refused.text
    shown = {f"claims.{at}.evidence": evidence[1] for at, _ in units}
    assert send(applicant, path, {**fields, **shown, "act": "save"}).status_code == 303
    sent = send(applicant, path, {**fields, **shown, "act": "submit", "statement": "true", "signature": "Sari Contoh"})
    assert sent.status_code == 303, sent.text
    assert "Asesmen mandiri (FR-APL-02) dikirim." in applicant.get(f"{HOME}/{application}").text
    assert applicant.get(f"{HOME}/{application}/fr-apl-02.pdf").data.startswith(b"%PDF")
    assert "tidak dapat diubah" in applicant.get(path).text


def test_an_application_is_withdrawn_with_a_reason(applicant: FlaskClient) -> None:
    application = filed(applicant)
    assert send(applicant, f"{HOME}/{application}/withdraw", {"reason": "pindah"}).status_code == 303
    assert "Ditarik kembali" in applicant.get(HOME).text


def test_the_pages_speak_english_when_asked(applicant: FlaskClient, desk: FlaskClient) -> None:
    application = filed(applicant)
    for path in (HOME, f"{HOME}/{application}", f"{HOME}/new"):
        assert '<html lang="en">' in applicant.get(path, query_string={"lang": "en"}).text
    assert "Verification" in desk.get("/registration/verification", query_string={"lang": "en"}).text


def test_a_period_is_announced_and_changed(desk: FlaskClient, client: FlaskClient) -> None:
    fields = {
        "title": "Gelombang contoh",
        "place": "Bandung",
        "opens_on": "2026-01-01",
        "closes_on": "2099-01-01",
        "quotas.0.scheme_id": SCHEME,
        "quotas.0.quota": "7",
    }
    assert send(desk, "/registration/periods/new", fields).status_code == 303
    assert "tersisa 7 dari 7 tempat" in client.get("/registration/periods").text
    change = re.findall(r'href="(/registration/periods/[0-9a-f-]{36})"', desk.get("/registration/periods").text)
    assert change
    refused = send(desk, change[0], {**fields, "closes_on": "2025-01-01"})
    assert refused.status_code == 422


def test_a_quota_that_makes_no_sense_is_refused_on_its_row(desk: FlaskClient) -> None:
    fields = {"title": "x", "place": "y", "opens_on": "2026-01-01", "closes_on": "2099-01-01"}
    refused = send(desk, "/registration/periods/new", fields)
    assert refused.status_code == 422
    assert "Isi kuota paling sedikit satu skema." in refused.text


def test_a_scheme_without_an_open_period_says_so_when_it_is_chosen(applicant: FlaskClient) -> None:
    """This failure mode means that a whole form is filled in, and refused at the last signature."""
    for scheme, is_told in (("promosi-perpustakaan", True), (SCHEME, False)):
        answer = send(applicant, f"{HOME}/new", {"scheme_id": scheme})
        assert ("Belum ada periode terbuka" in applicant.get(answer.location).text) is is_told


def test_who_chooses_a_scheme_again_is_led_to_the_application_there_is(applicant: FlaskClient) -> None:
    application = started(applicant)
    answer = send(applicant, f"{HOME}/new", {"scheme_id": SCHEME})
    assert answer.status_code == 409
    assert f'href="{HOME}/{application}"' in answer.text
