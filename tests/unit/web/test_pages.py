"""What people meet: forms that keep what was typed, errors beside their fields, a way on after every refusal."""

import re
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from shared.database.unit import Database
from shared.security import tokens
from shared.security.roles import Role
from shared.settings import settings
from shared.web import App, make_csv_download
from tests.unit.web.conftest import person, sign_in
from tests.unit.web.tiny import Note, make_app

NOTE = {"title": "BUKU", "born": "2026-11-23", "kind": "draft", "pages": "2"}


def test_nobody_signed_in_is_sent_to_sign_in_and_back(client: FlaskClient) -> None:
    answer = client.get("/tiny/?q=a%20b")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/registration/sign-in?next=%2Ftiny%2F%3Fq%3Da%2520b"


def test_an_expired_token_is_renewed_on_the_way(client: FlaskClient) -> None:
    client.set_cookie("kompeten_token", "of.no.use")
    answer = client.get("/tiny/")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/registration/session/renew?next=%2Ftiny%2F"


def test_a_form_sent_with_an_expired_token_keeps_what_was_typed(client: FlaskClient) -> None:
    client.set_cookie("kompeten_token", "of.no.use")
    answer = client.post("/tiny/notes/new", data=NOTE)
    assert answer.status_code == 307


def test_a_form_without_its_secret_is_refused(client: FlaskClient, database: Database) -> None:
    sign_in(client, person())
    assert client.post("/tiny/notes/new", data=NOTE).status_code == 403
    assert client.post("/tiny/notes/new", data={**NOTE, "csrf_token": "guess"}).status_code == 403
    with database.reading() as session:
        assert session.query(Note).count() == 0


@pytest.mark.parametrize("header", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.test"}])
def test_a_form_from_another_site_is_refused(client: FlaskClient, header: dict[str, str]) -> None:
    csrf = sign_in(client, person())
    assert client.post("/tiny/notes/new", data={**NOTE, "csrf_token": csrf}, headers=header).status_code == 403


def test_a_cookie_calls_the_api_only_with_the_secret_in_a_header(client: FlaskClient) -> None:
    csrf = sign_in(client, person())
    body = {"title": "BUKU", "born": "2026-11-23"}
    assert client.post("/tiny/api/notes", json=body).status_code == 403
    assert client.post("/tiny/api/notes", json=body, headers={"X-CSRF-Token": csrf}).status_code == 201


def test_an_anonymous_form_repeats_the_value_of_its_cookie(client: FlaskClient) -> None:
    shown = client.get("/tiny/sign")
    cookie = client.get_cookie("kompeten_form")
    assert cookie is not None
    assert cookie.value in shown.text
    job = {"employer": "Perpustakaan contoh", "since": "2020-01-01"}
    assert client.post("/tiny/sign", data=job).status_code == 403
    assert client.post("/tiny/sign", data={**job, "csrf_token": cookie.value}).status_code == 303


def test_too_many_tries_are_told_to_wait(client: FlaskClient) -> None:
    for _ in range(3):
        client.post("/tiny/sign", data={})
    answer = client.post("/tiny/sign", data={})
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 61
    assert client.get("/tiny/sign").status_code == 200


def test_what_was_done_is_told_once_on_the_next_page(client: FlaskClient) -> None:
    csrf = sign_in(client, person())
    answer = client.post("/tiny/notes/new", data={**NOTE, "csrf_token": csrf})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/tiny/")
    assert "Catatan BUKU disimpan." in client.get("/tiny/").text
    assert "Catatan BUKU disimpan." not in client.get("/tiny/").text


def test_a_refused_form_shows_each_error_and_keeps_the_values(client: FlaskClient) -> None:
    csrf = sign_in(client, person())
    work = {"work-0-employer": "", "work-0-since": "", "work-1-employer": "Perpustakaan <contoh>", "work-1-since": "x"}
    answer = client.post("/tiny/notes/new", data={**NOTE, **work, "title": "kecil", "csrf_token": csrf})
    assert answer.status_code == 422
    html = answer.text
    assert '<a href="#f-title">Judul: Tulis dengan huruf besar.</a>' in html
    assert 'id="f-title-error"' in html
    assert 'aria-describedby="f-title-hint f-title-error" aria-invalid="true"' in html
    assert 'value="kecil"' in html
    assert 'name="work.0.employer" type="text" value="Perpustakaan &lt;contoh&gt;"' in html
    assert '<a href="#f-work-0-since">Riwayat kerja 1, Sejak: Isi dengan tanggal' in html
    assert "Perlu diperbaiki" in html


def test_a_conflict_is_shown_on_the_form(client: FlaskClient) -> None:
    csrf = sign_in(client, person())
    answer = client.post("/tiny/notes/new", data={**NOTE, "title": "TERKUNCI", "csrf_token": csrf})
    assert answer.status_code == 409
    assert "Catatan TERKUNCI terkunci." in answer.text


def test_rows_are_added_and_removed_without_javascript(client: FlaskClient) -> None:
    csrf = sign_in(client, person())
    first = {"work.0.employer": "A", "work.0.since": "2020-01-01", "title": "TETAP"}
    added = client.post("/tiny/notes/new", data={**first, "_add": "work", "csrf_token": csrf})
    assert added.status_code == 200
    assert 'name="work.1.employer"' in added.text
    assert 'value="TETAP"' in added.text
    assert "Wajib diisi" not in added.text
    second = {**first, "work.1.employer": "B"}
    removed = client.post("/tiny/notes/new", data={**second, "_remove": "work.0", "csrf_token": csrf}).text
    assert 'name="work.0.employer" type="text" value="B"' in removed
    assert 'name="work.1.employer"' not in removed


@pytest.mark.parametrize("group", ["title", "work.9", "work.x.y", "", "..", "nothing"])
def test_rows_of_no_group_change_nothing(client: FlaskClient, group: str) -> None:
    csrf = sign_in(client, person())
    for button in ("_add", "_remove"):
        answer = client.post("/tiny/notes/new", data={**NOTE, button: group, "csrf_token": csrf})
        assert answer.status_code == 200


def test_fields_no_table_can_hold_are_refused(client: FlaskClient) -> None:
    csrf = sign_in(client, person())
    assert client.post("/tiny/notes/new", data={"title": "A\x00", "csrf_token": csrf}).status_code == 422


def test_a_page_speaks_the_language_of_the_account_and_of_the_switch(client: FlaskClient) -> None:
    sign_in(client, person(), language="en")
    assert 'lang="en"' in client.get("/tiny/").text
    assert "Keluar" in client.get("/tiny/?lang=id").text
    kept = client.get("/tiny/").text
    assert '<html lang="id">' in kept


def test_the_browser_language_counts_when_nothing_else_is_said(client: FlaskClient) -> None:
    assert '<html lang="en">' in client.get("/tiny/sign", headers={"Accept-Language": "en-GB,en;q=0.9"}).text
    assert '<html lang="id">' in client.get("/tiny/sign", headers={"Accept-Language": "fr"}).text


def test_a_page_that_is_not_there_says_so_friendly(client: FlaskClient) -> None:
    answer = client.get("/tiny/missing")
    assert answer.status_code == 404
    assert "Berkas tidak ditemukan." in answer.text
    assert "Nomor rujukan" in answer.text
    assert client.get("/tiny/not/at/all").status_code == 404


def test_a_page_for_another_role_answers_403(client: FlaskClient) -> None:
    sign_in(client, person(Role.ASSESSOR))
    assert client.get("/tiny/notes/new").status_code == 403


def test_the_menu_shows_each_role_its_own(client: FlaskClient) -> None:
    sign_in(client, person())
    assert "Catatan baru" in client.get("/tiny/").text
    sign_in(client, person(Role.CHAIR))
    assert "Catatan baru" not in client.get("/tiny/").text


def test_every_answer_carries_the_security_headers(client: FlaskClient) -> None:
    for path in ("/tiny/", "/tiny/sign", "/tiny/api/notes", "/tiny/nothing", "/tiny/static/kompeten.css"):
        with client.get(path) as answer:
            headers = answer.headers
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "unsafe-inline" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"]
        assert "Strict-Transport-Security" not in headers
    assert "no-store" in client.get("/tiny/sign").headers["Cache-Control"]


def test_no_page_holds_inline_script_or_style(client: FlaskClient) -> None:
    sign_in(client, person())
    for path in ("/tiny/", "/tiny/notes/new", "/tiny/missing"):
        html = client.get(path).text
        assert "style=" not in html
        assert "onclick" not in html
        assert "<script>" not in html


def test_a_wrong_filter_still_shows_the_list(client: FlaskClient) -> None:
    sign_in(client, person())
    assert client.get("/tiny/?size=9999&page=x&sort=nothing").status_code == 200


def test_a_csv_opens_in_a_spreadsheet_and_runs_nothing(client: FlaskClient) -> None:
    answer = client.get("/tiny/list.csv")
    assert answer.data.decode("utf-8-sig").splitlines() == ["Nama", "'=1+1", "Siti", '""', "-3"]
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_dates_and_spans_read_as_people_write_them(app: App) -> None:
    from shared.web import formats

    moment = datetime(2026, 11, 22, 20, 5, tzinfo=UTC)
    with app.test_request_context("/tiny/"):
        assert formats.format_day(date(2026, 11, 23)) == "23 November 2026"
        assert formats.format_day(date(2026, 8, 1)) == "1 Agustus 2026"
        assert formats.format_moment(moment) == "23 November 2026 03.05 WIB"
        assert formats.format_span(timedelta(days=13, hours=5)) == "13 hari"
        assert formats.format_number(12345.5) == "12.345,5"
    with app.test_request_context("/tiny/?lang=en"):
        assert formats.format_moment(moment) == "23 November 2026 03:05 WIB"
        assert formats.format_span(timedelta(hours=2)) == "2 hours"


def test_a_token_of_an_earlier_session_part_still_sends_its_form(client: FlaskClient) -> None:
    siti = person()
    csrf = sign_in(client, siti)
    client.set_cookie("kompeten_token", tokens.issue_token(siti, "id", csrf).value)
    assert client.post("/tiny/notes/new", data={**NOTE, "csrf_token": csrf}).status_code == 303


def test_what_a_trial_system_says_of_itself_stands_in_the_head_of_the_page(
    monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    """WCAG: all that is read lies in a landmark."""
    monkeypatch.setenv("KOMPETEN_TRIAL", "true")
    settings.cache_clear()
    page = make_app(database).test_client().get("/tiny/sign").text
    assert page.index("<header") < page.index('class="trial"') < page.index("</header>")


def test_a_list_says_why_it_shows_nothing(client: FlaskClient, database: Database) -> None:
    sign_in(client, person())
    assert "Belum ada data." in client.get("/tiny/?sort=title&lang=id").text
    with database.unit_of_work() as session:
        session.add(Note(owner_id=uuid4(), title="BUKU"))
    far = client.get("/tiny/?page=4&sort=title").text
    assert "hanya sampai halaman 1." in far
    assert 'href="/tiny/?sort=title"' in far


def test_a_list_that_was_searched_leads_back_to_the_whole(client: FlaskClient) -> None:
    sign_in(client, person())
    page = client.get("/tiny/?q=bukan").text
    assert "Tidak ada yang cocok dengan yang Anda cari." in page
    assert '<a href="/tiny/">Tampilkan semua</a>' in page


def test_no_cell_of_a_csv_begins_a_formula_behind_a_break(app: Flask) -> None:
    """Where the decimal sign is a comma, as in Indonesia, a spreadsheet parts the cells at `;`, and minds no quotes."""
    hostile = ["a;=1+1", 'a";@SUM(1)', "a\t+1", "a\r\n-1"]
    with app.test_request_context("/tiny/"):
        text = make_csv_download("daftar.csv", ["Nama"], [[cell] for cell in hostile]).get_data(as_text=True)
    assert re.search(r"[;\t\r\n][=+\-@]", text) is None
    assert "a;'=1+1" in text
