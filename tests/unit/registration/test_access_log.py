"""Every look at an applicant's data is noted, shown to the person and the auditor; NIK and adjustments have a rule."""

import ast
import csv
import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from uuid import UUID

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from services.registration.commands.accounts import OpenStaffAccount
from services.registration.models import Photo, PhotoState
from shared import access_log, clock
from shared.access_log import SUBJECT_NAMES, AccessRow, Look
from shared.audit import AuditRow
from shared.database.answers import KeptAnswer
from shared.database.unit import Database
from shared.objectstore import object_store
from shared.security.actor import Actor
from shared.security.roles import Role
from tests.unit.registration.api.walk import Person, bearer
from tests.unit.registration.files import actor, period
from tests.unit.registration.people import applicant, open_with_password

NIK = "/registration/verification/{}/nik"


@pytest.fixture(autouse=True)
def _store_of_its_own(data_dir: Path) -> Iterator[None]:
    object_store.cache_clear()
    yield
    object_store.cache_clear()


@pytest.fixture
def sari(client: FlaskClient, database: Database) -> Person:
    with database.unit_of_work() as session:
        period(session)
    return Person(client, actor())


@pytest.fixture
def desk(client: FlaskClient) -> Person:
    return Person(client, actor(Role.SECRETARIAT, name="Sekretariat Contoh"))


def looks(database: Database, person: Person) -> list[tuple[str, Look, str]]:
    with database.reading() as session:
        rows = session.scalars(select(AccessRow).where(AccessRow.person_id == person.actor.id).order_by(AccessRow.at))
        return [(row.actor_name, row.look, row.reason) for row in rows]


def open_applicant_account(database: Database) -> UUID:
    with database.unit_of_work() as session:
        return applicant(session).id


def open_keeper(database: Database, name: str) -> Actor:
    """An administrator with an account: acts on accounts ask for it."""
    email = f"{name.split()[0].lower()}@contoh.test"
    with database.unit_of_work() as session:
        wanted = OpenStaffAccount(name=name, email=email, roles=[Role.ADMINISTRATOR])
        return open_with_password(session, wanted).actor


def looks_at(database: Database, person_id: UUID) -> list[tuple[str, Look, str]]:
    with database.reading() as session:
        rows = session.scalars(select(AccessRow).where(AccessRow.person_id == person_id).order_by(AccessRow.at))
        return [(row.actor_name, row.look, row.reason) for row in rows]


def acts(database: Database, action: str) -> int:
    with database.reading() as session:
        return len(session.scalars(select(AuditRow).where(AuditRow.action == action)).all())


def test_file_document_print_and_photo_are_each_noted(sari: Person, desk: Person, database: Database) -> None:
    application = sari.filed()
    shown = desk.get(f"/verification/{application}")
    document = next(one for item in shown["items"] for one in item["documents"])
    desk.ask("GET", f"/documents/{document['id']}", 200)
    desk.ask("GET", f"/applications/{application}/fr-apl-01", 200)
    object_store().put("photos/a/b.jpg", b"foto", "image/jpeg")
    with database.unit_of_work() as session:
        session.add(Photo(id=UUID(application), state=PhotoState.PREPARED, key="photos/a/b.jpg"))
    desk.ask("GET", f"/applications/{application}/photo.jpg", 200)
    found = looks(database, sari)
    assert [look for _, look, _ in found] == [Look.FILE, Look.DOCUMENT, Look.PRINTED_FORM, Look.PHOTO]
    assert {who for who, _, _ in found} == {"Sekretariat Contoh"}
    assert acts(database, "photo:open") == 1


def test_ones_own_data_are_nobody_elses_look(sari: Person, database: Database) -> None:
    application = sari.filed()
    document = sari.get(f"/applications/{application}/documents")[0]
    sari.ask("GET", f"/documents/{document['id']}", 200)
    assert looks(database, sari) == []


def test_a_refused_look_is_none(sari: Person, client: FlaskClient, database: Database) -> None:
    application = sari.filed()
    other = Person(client, actor(Role.ASSESSOR, name="Asesor Lain"))
    document = sari.get(f"/applications/{application}/documents")[0]
    other.ask("GET", f"/documents/{document['id']}", 404)
    assert looks(database, sari) == []


def test_an_export_is_noted_for_each_person_on_it(sari: Person, desk: Person, database: Database) -> None:
    from services.registration.commands.requests import note_request_list_taken

    application = sari.filed()
    with database.unit_of_work() as session:
        note_request_list_taken(session, desk.actor, {}, [UUID(application)])
    assert looks(database, sari) == [("Sekretariat Contoh", Look.EXPORT, "")]


@pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.CHAIR, Role.HEAD_OF_CERTIFICATION, Role.AUDITOR])
def test_nobody_reads_the_whole_nik_or_the_adjustments_by_opening_a_file(
    sari: Person, client: FlaskClient, role: Role
) -> None:
    """This failure mode means the full NIK and a person's special needs on the screen of everybody who opens a file."""
    application = sari.filed(adjustment="Kursi roda contoh")
    nik = sari.get(f"/applications/{application}")["form"]["personal"]["nik"]
    assert len(nik) == 16
    reader = Person(client, actor(role))
    shown = reader.ask("GET", f"/verification/{application}", 200).text
    page = client.get(f"/registration/verification/{application}", headers=bearer(reader.actor)).text
    for text in (shown, page):
        assert nik not in text
        assert "Kursi roda contoh" not in text
        assert f"{nik[:4]}********{nik[-4:]}" in text


def test_a_form_that_others_print_has_the_nik_masked(sari: Person, desk: Person, database: Database) -> None:
    from services.registration.printed_forms import PrintableForm, read_data_to_print

    application = sari.filed()
    nik = sari.get(f"/applications/{application}")["form"]["personal"]["nik"]
    with database.unit_of_work() as session:
        own = read_data_to_print(session, sari.actor, UUID(application), PrintableForm.APL_01)
        others = read_data_to_print(session, desk.actor, UUID(application), PrintableForm.APL_01)
    assert nik in str(own)
    assert nik not in str(others)


def test_the_whole_nik_takes_a_reason_which_the_person_can_read(
    sari: Person, desk: Person, database: Database, client: FlaskClient
) -> None:
    application = sari.filed()
    nik = sari.get(f"/applications/{application}")["form"]["personal"]["nik"]
    desk.post(f"/verification/{application}/nik", {"reason": ""}, 422)
    assert looks(database, sari) == []
    assert desk.post(f"/verification/{application}/nik", {"reason": "Dicocokkan dengan KTP"})["nik"] == nik
    assert looks(database, sari) == [("Sekretariat Contoh", Look.NIK, "Dicocokkan dengan KTP")]
    assert acts(database, "nik:reveal") == 1
    own = client.get("/registration/looks", headers=bearer(sari.actor)).text
    assert "Dicocokkan dengan KTP" in own
    assert "Sekretariat Contoh" in own


@pytest.mark.parametrize("role", [Role.CHAIR, Role.AUDITOR, Role.ASSESSOR, Role.APPLICANT])
def test_nobody_but_the_secretariat_reveals_a_nik(sari: Person, client: FlaskClient, role: Role) -> None:
    application = sari.filed()
    other = Person(client, actor(role, name="Orang Lain"))
    other.post(f"/verification/{application}/nik", {"reason": "ingin tahu saja"}, 403)


def test_the_page_asks_why_before_it_shows(sari: Person, desk: Person, client: FlaskClient) -> None:
    application = sari.filed()
    nik = sari.get(f"/applications/{application}")["form"]["personal"]["nik"]
    page = client.get(NIK.format(application), headers=bearer(desk.actor))
    assert page.status_code == 200
    assert nik not in page.text


def test_the_auditor_sees_all_looks_and_others_only_their_own(sari: Person, desk: Person, client: FlaskClient) -> None:
    application = sari.filed()
    desk.get(f"/verification/{application}")
    auditor = actor(Role.AUDITOR, name="Auditor Contoh")
    log = client.get("/registration/access-log", headers=bearer(auditor))
    assert "Sekretariat Contoh" in log.text
    assert client.get("/registration/access-log", headers=bearer(sari.actor)).status_code == 403
    stranger = client.get("/registration/looks", headers=bearer(actor(name="Orang Lain")))
    assert "Sekretariat Contoh" not in stranger.text


def test_a_nik_asked_for_again_is_a_look_of_its_own(
    sari: Person, desk: Person, database: Database, client: FlaskClient
) -> None:
    """This failure mode means that a kept answer shows the number to whoever repeats the request, and nobody hears."""
    path = f"/registration/api/verification/{sari.filed()}/nik"
    for times in (1, 2):
        again = client.post(
            path,
            json={"reason": "Dicocokkan dengan KTP"},
            headers={**bearer(desk.actor), "Idempotency-Key": "kunci-contoh-0123456789"},
        )
        assert again.status_code == 200
        assert len(looks(database, sari)) == times


def test_the_person_reads_which_application_it_was_in_words(
    sari: Person, desk: Person, client: FlaskClient, database: Database
) -> None:
    application = sari.filed()
    desk.get(f"/verification/{application}")
    page = client.get("/registration/looks", headers=bearer(sari.actor)).text
    assert 'Permohonan sertifikasi<span class="note">' in page
    assert str(application) not in page


def test_the_auditor_reads_the_words_and_the_id_and_who_finds_nothing_is_told_so(
    sari: Person, desk: Person, client: FlaskClient
) -> None:
    application = sari.filed()
    desk.get(f"/verification/{application}")
    auditor = bearer(actor(Role.AUDITOR))
    page = client.get("/registration/access-log", headers=auditor).text
    assert 'Permohonan sertifikasi<span class="note">' in page
    assert f"application/{application}" in page
    assert "Tidak ada yang cocok" in client.get("/registration/access-log?q=bukan", headers=auditor).text
    far = client.get("/registration/access-log?page=9", headers=auditor).text
    assert "hanya sampai halaman 1." in far
    assert "Belum ada yang membuka" not in far


def test_every_kind_of_record_that_looks_are_noted_at_has_a_name() -> None:
    root = Path(__file__).parents[3]
    calls = [
        call
        for file in [*(root / "services").rglob("*.py"), root / "shared/access_log.py"]
        for call in ast.walk(ast.parse(file.read_text()))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "note_looks"
    ]
    subjects = [ast.unparse(call.args[4]) for call in calls]
    written = {found[1] for subject in subjects if (found := re.match(r"f?'([a-z-]+)", subject))}
    models = {"account", "application", "case", "decision", "appeal", "certificate", "sheet", "surveillance"}
    assert written | models == SUBJECT_NAMES.keys()


def test_an_applicants_account_is_looked_at_by_who_keeps_accounts(client: FlaskClient, database: Database) -> None:
    """This failure mode means: names and mail addresses of all applicants are read, and nobody can see by whom."""
    mine = open_applicant_account(database)
    keeper = Person(client, actor(Role.ADMINISTRATOR, name="Administrator Contoh"))
    keeper.get(f"/accounts/{mine}")
    keeper.get("/accounts")
    assert client.get("/registration/accounts", headers=bearer(keeper.actor)).status_code == 200
    assert looks_at(database, mine) == [("Administrator Contoh", Look.ACCOUNT, "")] * 3


def test_an_act_that_comes_again_is_one_look_and_answers_nobody_else(client: FlaskClient, database: Database) -> None:
    """Decision 87: a replay gives the same account what it was given before, so it is one look within one act."""
    mine = open_applicant_account(database)
    first, second = (Person(client, open_keeper(database, name)) for name in ("SATU CONTOH", "DUA CONTOH"))

    def deactivate(keeper: Person) -> tuple[int, bool]:
        answer = client.post(
            f"/registration/api/accounts/{mine}/deactivation",
            json={},
            headers={**bearer(keeper.actor), "Idempotency-Key": "kunci-contoh-0087"},
        )
        return answer.status_code, "Idempotency-Replayed" in answer.headers

    assert [deactivate(first), deactivate(first)] == [(200, False), (200, True)]
    assert [name for name, _, _ in looks_at(database, mine)] == ["SATU CONTOH"]
    assert deactivate(second)[1] is False


def test_the_access_log_is_narrowed_to_days(sari: Person, desk: Person, client: FlaskClient) -> None:
    desk.get(f"/verification/{sari.filed()}")
    auditor, today = bearer(actor(Role.AUDITOR)), clock.today()
    found = client.get(f"/registration/access-log?since={today}&until={today}", headers=auditor).text
    assert "Sekretariat Contoh" in found
    assert f"/assessment/access-log?since={today}&amp;until={today}" in found
    for nothing in (f"since={today + timedelta(days=1)}", f"until={today - timedelta(days=1)}"):
        assert "Sekretariat Contoh" not in client.get(f"/registration/access-log?{nothing}", headers=auditor).text


def test_who_takes_the_access_log_away_is_noted_for_each_person_in_it(
    sari: Person, desk: Person, client: FlaskClient, database: Database
) -> None:
    application = sari.filed()
    desk.get(f"/verification/{application}")
    auditor = actor(Role.AUDITOR, name="Auditor Contoh")
    table = client.get("/registration/access-log.csv", headers=bearer(auditor)).data.decode("utf-8-sig")
    (line,) = list(csv.DictReader(StringIO(table)))
    assert (line["Siapa"], line["Yang dibuka"], line["Data"]) == (
        "Sekretariat Contoh",
        "Berkas permohonan",
        "Permohonan sertifikasi",
    )
    assert line["Nomor data"] == f"application/{application}"
    book = openpyxl.load_workbook(
        BytesIO(client.get("/registration/access-log.xlsx?q=Sekretariat", headers=bearer(auditor)).data)
    )
    assert [cell.value for cell in next(book.worksheets[0].iter_rows(min_row=2))][1] == "Sekretariat Contoh"
    assert looks(database, sari)[1:] == [("Auditor Contoh", Look.EXPORT, "")] * 2
    assert acts(database, "access-log:export") == 2
    nobody = client.get("/registration/access-log.csv", headers=bearer(desk.actor))
    assert nobody.status_code == 403


def test_a_log_too_long_to_take_away_says_so(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, sari: Person, desk: Person
) -> None:
    monkeypatch.setattr(access_log, "LONGEST_EXPORT", 0)
    desk.get(f"/verification/{sari.filed()}")
    answer = client.get("/registration/access-log.csv", headers=bearer(actor(Role.AUDITOR)))
    assert answer.status_code == 422
    assert "Persempit" in answer.text


def test_a_form_that_is_refused_below_a_noted_look_is_no_act_that_was_done(
    client: FlaskClient, database: Database
) -> None:
    """This failure mode means: who sends the form again gets the old refusal for 48 hours, whatever changed since."""
    mine, keeper = open_applicant_account(database), open_keeper(database, "TIGA CONTOH")
    sent = {"name": "", "idempotency_key": "kunci-contoh-0088"}
    answer = client.post(f"/registration/accounts/{mine}/name", data=sent, headers=bearer(keeper))
    assert answer.status_code == 422
    assert [name for name, _, _ in looks_at(database, mine)] == ["TIGA CONTOH"]
    with database.reading() as session:
        assert session.scalars(select(KeptAnswer)).all() == []
