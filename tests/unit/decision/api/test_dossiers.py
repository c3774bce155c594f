"""The whole file through its doors: API, page and PDF, and nothing that was altered (R1, R12)."""

import re
from datetime import date
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import text

from shared.security.actor import Actor
from tests.unit.decision.asking import ask, sign_in
from tests.unit.decision.files import DIPLOMA, content_of_record, describe_file, submitted
from tests.unit.decision.scene import AUDITOR, CHAIR, QUALITY, UNITS, K, Scene, hear

LONG = "RADEN AJENG MAHARANI KUSUMANINGTYAS WIDYADHARI PRAMUDYAWARDHANI " * 3
PLACE = "PERPUSTAKAAN" + "-UMUM-DAERAH" * 14
DECLARED = {"no_conflict": True}
SENTENCE = "Isi berkas ini tidak lagi sama dengan yang dibekukan"


@pytest.fixture
def case_id(scene: Scene) -> UUID:
    """A case in an open meeting, with its whole content, long names in it; nobody has declared."""
    application = uuid4()
    file = describe_file(application)
    file["form"]["personal"]["name"] = LONG.strip()
    file["form"]["job"] = {"employer": PLACE, "position": "Pustakawan"}
    file["form"]["personal"]["nik"] = "3175014107900001"
    fact = submitted(application, file)
    hear(scene.database, fact)
    scene.case({UNITS[0]: K, UNITS[1]: K}, application_id=application, **content_of_record(fact.file_hash))
    scene.open(scene.call(application), declared=False)
    return application


def read_pdf(data: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)


def squeeze(shown: str) -> str:
    return re.sub(r"\s+", "", shown)


def alter(scene: Scene, column: str, value: str) -> None:
    """Somebody with the database writes over what is kept."""
    table, _, name = column.partition(".")
    with scene.database.unit_of_work() as session:
        session.execute(text(f"UPDATE {table} SET {name} = :value"), {"value": value})


def put_there(scene: Scene, column: str, other: dict[str, Any]) -> str:
    """Another content under the right key: what was kept of another case."""
    table, _, name = column.partition(".")
    with scene.database.reading() as session:
        statement = text(f"SELECT {name} FROM {table} WHERE file_hash = :hash")
        return str(session.execute(statement, {"hash": other["file_hash"]}).scalar_one())


@pytest.mark.parametrize("path", ["dossier", "dossier.pdf"])
def test_every_door_waits_for_the_declaration(client: FlaskClient, case_id: UUID, path: str) -> None:
    answer = ask(client, QUALITY, f"/cases/{case_id}/{path}")
    assert (answer.status_code, answer.get_json()["code"]) == (403, "declaration-missing")
    assert ask(client, QUALITY, f"/cases/{case_id}/declaration", {}).status_code == 422
    assert ask(client, QUALITY, f"/cases/{case_id}/declaration", DECLARED).status_code == 204
    assert ask(client, QUALITY, f"/cases/{case_id}/{path}").status_code == 200
    assert ask(client, CHAIR, f"/cases/{case_id}/{path}").status_code == 403


def test_the_page_asks_first_and_shows_nothing_of_the_file(client: FlaskClient, case_id: UUID) -> None:
    secret = sign_in(client, QUALITY)
    page = client.get(f"/decision/cases/{case_id}/dossier")
    assert page.status_code == 403
    shown = page.get_data(as_text=True)
    assert "Tidak ada benturan kepentingan" in shown
    assert "Ijazah (contoh)" not in shown
    assert PLACE not in shown
    sent = client.post(f"/decision/cases/{case_id}/declaration", data={"csrf_token": secret, "no_conflict": "true"})
    assert sent.status_code == 303
    assert PLACE in client.get(sent.headers["Location"]).get_data(as_text=True)


def test_the_paper_holds_every_part_and_long_names_whole(client: FlaskClient, case_id: UUID) -> None:
    ask(client, QUALITY, f"/cases/{case_id}/declaration", DECLARED)
    answer = ask(client, QUALITY, f"/cases/{case_id}/dossier.pdf")
    assert answer.mimetype == "application/pdf"
    found = squeeze(read_pdf(answer.data))
    for part in (
        "Daftar isi",
        "Yang perlu dilihat lebih dahulu",
        "Formulir FR-APL-01",
        "Bukti",
        "Rekomendasi per unit",
        "Rencana (FR-POA-01)",
        "Metode (FR.AK.02)",
        "Elemen (FR-APL-02)",
        "Penyesuaian yang wajar (FR.AK.07)",
        "Belum dilegalisasi (contoh)",
        "Ditunjukkan pada wawancara (contoh)",
        "Lembar kerja (contoh)",
        f"Diambil oleh {QUALITY.name}",
        LONG,
        PLACE,
        "e" * 64,
    ):
        assert squeeze(part) in found, part
    assert str(DIPLOMA) in str(
        [note.get_object() for page in PdfReader(BytesIO(answer.data)).pages for note in page.get("/Annots", [])]
    )


def test_the_nik_is_masked_and_hashes_of_secrets_are_not_shown(client: FlaskClient, case_id: UUID) -> None:
    ask(client, QUALITY, f"/cases/{case_id}/declaration", DECLARED)
    told = ask(client, QUALITY, f"/cases/{case_id}/dossier").get_data(as_text=True)
    sign_in(client, QUALITY)
    page = client.get(f"/decision/cases/{case_id}/dossier").get_data(as_text=True)
    paper = read_pdf(ask(client, QUALITY, f"/cases/{case_id}/dossier.pdf").data)
    for shown in (told, page, squeeze(paper)):
        assert "3175********0001" in shown
        assert not re.search(r"(?<![0-9a-f])\d{16}(?![0-9a-f])", shown)
        assert "ab" * 32 not in shown
        assert "cd" * 32 not in shown


@pytest.mark.parametrize("column", ["submitted_files.content", "recommendations.record"])
@pytest.mark.parametrize("taken", ["damaged", "of another case"])
def test_altered_content_is_a_clear_answer_and_is_not_shown(
    client: FlaskClient, scene: Scene, case_id: UUID, column: str, taken: str
) -> None:
    """R12: also where it is content that opens, of another case."""
    ask(client, QUALITY, f"/cases/{case_id}/declaration", DECLARED)
    value = "rusak"
    if taken == "of another case":
        other = uuid4()
        fact = submitted(other, describe_file(other, signature="Orang lain (contoh)"))
        hear(scene.database, fact)
        record = content_of_record(fact.file_hash, note="Lain (contoh)")
        scene.case({UNITS[0]: K, UNITS[1]: K}, application_id=other, **record)
        value = put_there(scene, column, record)
    alter(scene, column, value)
    sign_in(client, QUALITY)
    page = client.get(f"/decision/cases/{case_id}/dossier")
    assert page.status_code == 410
    assert SENTENCE in page.get_data(as_text=True)
    for path in ("dossier", "dossier.pdf"):
        answer = ask(client, QUALITY, f"/cases/{case_id}/{path}")
        assert (answer.status_code, answer.get_json()["code"]) == (410, "content-altered")
    assert "Orang lain" not in page.get_data(as_text=True)


@pytest.mark.parametrize("column", ["submitted_files.content", "recommendations.record"])
def test_nothing_is_decided_on_altered_content(client: FlaskClient, scene: Scene, column: str) -> None:
    """R12: also by a chair who read the file before it was altered, and does not open it again."""
    application = uuid4()
    fact = submitted(application, describe_file(application))
    hear(scene.database, fact)
    scene.case({UNITS[0]: K, UNITS[1]: K}, application_id=application, **content_of_record(fact.file_hash))
    meeting = scene.discussed(application)
    alter(scene, column, "rusak")
    decision = {"decisions": [{"case_id": str(application), "units": {}, "reason": "Sesuai rapat (contoh)"}]}
    outcome = ask(client, CHAIR, f"/meetings/{meeting}/decisions", decision).get_json()
    assert [one["code"] for one in outcome["refused"]] == ["content-altered"]
    assert outcome["decided"] == []


def test_what_had_run_out_on_the_day_stands_first(client: FlaskClient, scene: Scene) -> None:
    """R5, R6: the officers see it before the chair is refused a K."""
    case_id = scene.case(
        {UNITS[0]: K}, assessed_on=date(2026, 3, 2), met_valid_until=date(2026, 3, 1), centre_verified_until=None
    )
    scene.open(scene.call(case_id))
    found = ask(client, QUALITY, f"/cases/{case_id}/dossier").get_json()["deviations"]
    assert [one["kind"] for one in found] == ["met"]
    paper = read_pdf(ask(client, QUALITY, f"/cases/{case_id}/dossier.pdf").data)
    assert squeeze("Registrasi MET asesor tidak berlaku pada hari asesmen") in squeeze(paper)


@pytest.mark.parametrize("who", [CHAIR, AUDITOR], ids=lambda who: who.name)
def test_chair_and_auditor_see_who_read_it(client: FlaskClient, case_id: UUID, who: Actor) -> None:
    ask(client, QUALITY, f"/cases/{case_id}/declaration", DECLARED)
    before = ask(client, who, f"/cases/{case_id}/dossier/readings").get_json()["items"]
    assert [(one["name"], one["first_at"]) for one in before] == [(QUALITY.name, None)]
    ask(client, QUALITY, f"/cases/{case_id}/dossier.pdf")
    after = ask(client, who, f"/cases/{case_id}/dossier/readings").get_json()["items"]
    assert after[0]["first_at"] is not None
