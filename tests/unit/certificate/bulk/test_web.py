"""Acts on many certificates over HTTP: who may, what it says, the report."""

import csv
import io
import re
from datetime import timedelta
from itertools import product
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

from services.certificate.bulk.commands.batches import BULK
from services.certificate.jobs import jobs
from services.certificate.models import Certificate
from shared import clock
from shared.access_log import AccessRow, Look
from shared.database.unit import Database
from shared.security.roles import OFFICERS, Role
from tests.unit.certificate.scene import CHAIR, REASON, Candidate, hear, issued
from tests.unit.certificate.web import API, bearer, committed, person, said, sign_in

READERS = {*OFFICERS, Role.SECRETARIAT, Role.AUDITOR}
PREPARERS = {Role.CHAIR, Role.HEAD_OF_CERTIFICATION}
HEAD = person(Role.HEAD_OF_CERTIFICATION)
UNTIL = (clock.today() + timedelta(days=30)).isoformat()


@pytest.fixture
def certificates(database: Database) -> list[Certificate]:
    found: list[Certificate] = committed(
        database, lambda session: [issued(session, Candidate(name)) for name in ("A CONTOH", "=CMD CONTOH")]
    )
    return found


def listed(certificates: list[Certificate], *more: str) -> dict[str, object]:
    numbers = [*(certificate.number for certificate in certificates), *more]
    return {"kind": "suspend", "reason": REASON.reason, "until": UNTIL, "lines": [{"number": n} for n in numbers]}


def prepare(client: FlaskClient, body: dict[str, object]) -> str:
    answer = client.post(f"{API}/bulk/lists", json=body, headers=bearer(HEAD))
    assert answer.status_code == 201
    return str(said(answer)["id"])


def work(database: Database) -> None:
    while jobs._run_kind(database, BULK, jobs.kinds[BULK]):
        pass


def test_prepared_by_the_head_started_by_the_chair_and_reported_line_by_line(
    client: FlaskClient, database: Database, certificates: list[Certificate]
) -> None:
    batch = prepare(client, listed(certificates, "91011 2622 5 999999 2026"))
    view = said(client.get(f"{API}/bulk/{batch}", headers=bearer(HEAD)))
    assert (view["state"], view["counts"]["planned"], view["counts"]["left_out"]) == ("prepared", 2, 1)
    assert client.post(f"{API}/bulk/{batch}/start", headers=bearer(HEAD)).status_code == 403
    assert client.post(f"{API}/bulk/{batch}/start", headers=bearer(CHAIR)).status_code == 202
    assert client.post(f"{API}/bulk/{batch}/start", headers=bearer(CHAIR)).status_code == 409
    work(database)
    view = said(client.get(f"{API}/bulk/{batch}", headers=bearer(HEAD)))
    assert (view["state"], view["counts"]["done"]) == ("finished", 2)
    items = said(client.get(f"{API}/bulk/{batch}/items?status=done", headers=bearer(HEAD)))["items"]
    assert [(item["seen"], item["now"]) for item in items] == [("valid", "suspended")] * 2
    text = client.get(f"{API}/bulk/{batch}/report.csv", headers=bearer(HEAD)).data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert [row[1] for row in rows[1:]] == [*(one.number for one in certificates), "91011 2622 5 999999 2026"]
    assert rows[2][2] == "'=CMD CONTOH"
    assert rows[1][8:9] == ["Sudah dijalankan"]
    assert "tidak ada dalam register" in rows[3][5]
    book = load_workbook(io.BytesIO(client.get(f"{API}/bulk/{batch}/report.xlsx", headers=bearer(HEAD)).data))
    cells = [[str(cell or "") for cell in row] for row in book.worksheets[0].iter_rows(values_only=True)]
    assert [row[1] for row in cells] == [row[1] for row in rows]
    assert (cells[2][2], book.worksheets[0].cell(3, 3).data_type) == ("=CMD CONTOH", "s")
    with database.reading() as session:
        looks = session.execute(select(AccessRow.person_id, AccessRow.look, AccessRow.subject)).all()
    assert sorted(looks) == sorted([(one.holder_id, Look.EXPORT, f"batch/{batch}") for one in certificates] * 2)


def test_a_workbook_is_tried_out_as_it_is(client: FlaskClient, certificates: list[Certificate]) -> None:
    book, held = Workbook(), io.BytesIO()
    assert book.active is not None
    book.active.append(["Nomor sertifikat", "Alasan", "Sampai"])
    book.active.append([certificates[0].number, REASON.reason, clock.today() + timedelta(days=30)])
    book.save(held)
    held.seek(0)
    answer = client.post(
        f"{API}/bulk/files", data={"kind": "suspend", "file": (held, "daftar contoh.xlsx")}, headers=bearer(HEAD)
    )
    assert answer.status_code == 201
    assert (said(answer)["counts"]["planned"], said(answer)["source"]) == (1, "daftar contoh.xlsx")


@pytest.mark.parametrize(
    ("data", "field"),
    [({"kind": "suspend"}, "file"), ({"kind": "nonsense", "file": (io.BytesIO(b"x"), "x.csv")}, "kind"),
     ({"kind": "suspend", "file": (io.BytesIO(b"\x89PNG\r\n\x1a\n"), "x.csv")}, "file"),
     ({"kind": "issue", "file": (io.BytesIO(b"91011 2622 5 000001 2026"), "x.csv")}, "kind")],
)  # fmt: skip
def test_what_is_wrong_with_a_file_is_named(client: FlaskClient, data: dict[str, object], field: str) -> None:
    answer = client.post(f"{API}/bulk/files", data=data, headers=bearer(HEAD), content_type="multipart/form-data")
    assert answer.status_code == 422
    assert [error["field"] for error in said(answer)["errors"]] == [field]


def test_what_is_not_there_is_not_found(client: FlaskClient) -> None:
    for place in ("", "/items", "/report.csv", "/report.xlsx"):
        assert client.get(f"{API}/bulk/{uuid4()}{place}", headers=bearer(CHAIR)).status_code == 404
    for act in ("start", "stop"):
        assert client.post(f"{API}/bulk/{uuid4()}/{act}", headers=bearer(CHAIR)).status_code == 404
    answer = client.post(f"{API}/bulk/meetings", json={"meeting_id": str(uuid4())}, headers=bearer(CHAIR))
    assert answer.status_code == 404


NOBODYS = "bulk/00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(("role", "place"), [*product(Role, ("bulk", "bulk/meetings", NOBODYS, f"{NOBODYS}/items"))])
def test_acts_on_many_are_seen_by_those_who_read_the_register(client: FlaskClient, role: Role, place: str) -> None:
    status = client.get(f"{API}/{place}", headers=bearer(person(role))).status_code
    assert (status == 403) is (role not in READERS)


@pytest.mark.parametrize("role", Role)
def test_they_are_prepared_by_chair_and_head_and_started_by_the_chair_alone(client: FlaskClient, role: Role) -> None:
    headers = bearer(person(role))
    for place in ("lists", "meetings"):
        status = client.post(f"{API}/bulk/{place}", json={}, headers=headers).status_code
        assert status == (422 if role in PREPARERS else 403)
    for act in ("start", "stop"):
        status = client.post(f"{API}/bulk/{uuid4()}/{act}", headers=headers).status_code
        assert status == (404 if role is Role.CHAIR else 403)


@pytest.mark.parametrize("role", sorted(READERS))
def test_pages_show_each_role_what_it_may_do(client: FlaskClient, certificates: list[Certificate], role: Role) -> None:
    batch = prepare(client, listed(certificates))
    sign_in(client, person(role))
    overview, one = client.get("/certificate/bulk").text, client.get(f"/certificate/bulk/{batch}").text
    assert ("Tangguhkan menurut daftar" in overview) is (role in PREPARERS)
    assert ("Jalankan 2 baris" in one) is (role is Role.CHAIR)
    assert client.get("/certificate/bulk/lists/suspend").status_code == (200 if role in PREPARERS else 403)
    assert client.get(f"/certificate/bulk/{batch}/report.xlsx").status_code == 200


def test_from_the_form_to_the_report_on_pages(
    client: FlaskClient, database: Database, certificates: list[Certificate]
) -> None:
    csrf = sign_in(client, CHAIR)
    place = "/certificate/bulk/lists/suspend"
    refused = client.post(place, data={"csrf_token": csrf, "numbers": "", "reason": REASON.reason, "until": UNTIL})
    assert (refused.status_code, "tidak memuat satu nomor" in refused.text) == (422, True)
    numbers = "\n".join(certificate.number for certificate in certificates)
    answer = client.post(place, data={"csrf_token": csrf, "numbers": numbers, "reason": REASON.reason, "until": UNTIL})
    page = answer.headers["Location"]
    assert "2 dari 2 baris akan dijalankan" in client.get(page).text
    started = client.post(f"{page}/start", data={"csrf_token": csrf}, follow_redirects=True).text
    assert "Sedang berjalan" in started
    assert re.search(r'<noscript><meta http-equiv="refresh"', started)
    stopped = client.post(f"{page}/stop", data={"csrf_token": csrf}, follow_redirects=True).text
    assert "Lanjutkan 2 baris" in stopped
    client.post(f"{page}/start", data={"csrf_token": csrf})
    work(database)
    done = client.get(page).text
    assert "2 dari 2 baris sudah dijalankan" in done
    assert 'http-equiv="refresh"' not in done
    twice = client.post(f"{page}/start", data={"csrf_token": csrf}, follow_redirects=True).text
    assert "sedang berjalan atau sudah selesai" in twice


def test_a_file_on_the_form_takes_the_place_of_the_text(client: FlaskClient, certificates: list[Certificate]) -> None:
    csrf = sign_in(client, HEAD)
    file = (io.BytesIO(certificates[1].number.encode()), "satu.csv")
    data = {"csrf_token": csrf, "numbers": "x", "reason": REASON.reason, "file": file}
    answer = client.post("/certificate/bulk/lists/withdraw", data=data, follow_redirects=True)
    assert "1 dari 1 baris akan dijalankan" in answer.text
    assert "satu.csv" in answer.text


def test_there_is_no_list_of_another_kind(client: FlaskClient) -> None:
    sign_in(client, CHAIR)
    for kind in ("issue", "nonsense"):
        assert client.get(f"/certificate/bulk/lists/{kind}").status_code == 404


def test_a_meeting_is_tried_out_with_one_press(client: FlaskClient, database: Database, candidate: Candidate) -> None:
    meeting = uuid4()
    committed(
        database,
        lambda session: hear(session, candidate.submitted(), candidate.decided(meeting_id=meeting)),
    )
    csrf = sign_in(client, HEAD)
    assert "001/SK/LSP/XI/2026" in client.get("/certificate/bulk").text
    done = client.post(f"/certificate/bulk/meetings/{meeting}", data={"csrf_token": csrf}, follow_redirects=True).text
    assert "Pemegang diingatkan menandatangani perjanjian" in done
    (row,) = client.get(f"{API}/bulk/meetings", headers=bearer(HEAD)).get_json()
    assert (row["total"], row["waiting"], row["numbered"]) == (1, 1, 0)


def test_what_nobody_wants_is_discarded_and_leaves_the_work_list(
    client: FlaskClient, certificates: list[Certificate]
) -> None:
    batch = prepare(client, listed(certificates))
    csrf = sign_in(client, HEAD)
    assert f"/certificate/bulk/{batch}" in client.get("/certificate/").text
    gone = client.post(f"/certificate/bulk/{batch}/discard", data={"csrf_token": csrf}, follow_redirects=True).text
    assert "Dibuang" in gone
    assert f"/certificate/bulk/{batch}" not in client.get("/certificate/").text
    client.delete_cookie("kompeten_token")
    for act in ("discard", "start"):
        assert client.post(f"{API}/bulk/{batch}/{act}", headers=bearer(CHAIR)).status_code == 409
    assert client.post(f"{API}/bulk/{batch}/discard", headers=bearer(person(Role.AUDITOR))).status_code == 403


def test_a_meeting_is_followed_until_its_certificates_are_there(
    client: FlaskClient, database: Database, candidate: Candidate
) -> None:
    meeting = uuid4()
    told = (candidate.submitted(), candidate.photographed(), candidate.decided(meeting_id=meeting))
    committed(database, lambda session: hear(session, *told))
    committed(database, candidate.sign)
    csrf = sign_in(client, CHAIR)
    page = client.post(f"/certificate/bulk/meetings/{meeting}", data={"csrf_token": csrf}).headers["Location"]
    client.post(f"{page}/start", data={"csrf_token": csrf})
    work(database)
    waiting = client.get(page).text
    assert "0 dari 1 sertifikat sudah terbit." in waiting
    assert "data-refresh" in waiting
    jobs.run_due(database)
    done = client.get(page).text
    assert "1 dari 1 sertifikat sudah terbit." in done
    assert "data-refresh" not in done
    assert "91011 2622" in done
