"""Nothing typed is lost: what did not arrive is shown again to whoever typed it, here, and to nobody else."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from shared.clock import real_now
from shared.database.kept_forms import KEPT_FORMS, KeptForm
from shared.database.retention import sweep_rows
from shared.database.unit import Database
from shared.security.actor import Actor
from tests.unit.web.conftest import person, sign_in
from tests.unit.web.tiny import Note

PAGE = "/tiny/notes/new"
TYPED = {"title": "BUKU TAMU", "born": "2026-11-23", "pages": "7", "work.0.employer": "LEMBAGA CONTOH"}
WORDS = ("BUKU TAMU", "2026-11-23", 'value="7"', "LEMBAGA CONTOH")
STATE = re.compile(r'name="form_state" value="([^"]+)"')


def read_hidden(answer: TestResponse) -> dict[str, str]:
    """The hidden fields of the first form with fields on a page."""
    form = answer.text[answer.text.index('id="isian-1"') :]
    found = {name: re.search(f'name="{name}" value="([^"]*)"', form) for name in ("csrf_token", "form_state")}
    return {name: match[1] for name, match in found.items() if match}


def open_form(client: FlaskClient, actor: Actor, path: str = PAGE) -> dict[str, object]:
    sign_in(client, actor)
    return {**TYPED, **read_hidden(client.get(path))}


def sees_typed(client: FlaskClient, page: str = PAGE) -> bool:
    text = client.get(page).text
    found = [word in text for word in WORDS]
    assert all(found) or not any(found), "all of it, or nothing"
    return all(found)


def count_kept(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(KeptForm)) or 0


@pytest.fixture
def siti() -> Actor:
    return person()


def test_a_form_sent_after_signing_out_is_there_after_signing_in(client: FlaskClient, siti: Actor) -> None:
    form = open_form(client, siti, f"{PAGE}?of=7")
    client.delete_cookie("kompeten_token")
    answer = client.post(PAGE, data=form)
    assert answer.headers["Location"] == "/registration/sign-in?next=%2Ftiny%2Fnotes%2Fnew%3Fof%3D7"
    sign_in(client, siti)
    assert sees_typed(client, f"{PAGE}?of=7")
    assert not sees_typed(client), "on its own page alone"


def test_it_is_told_that_it_is_kept(client: FlaskClient, siti: Actor) -> None:
    form = open_form(client, siti)
    client.delete_cookie("kompeten_token")
    client.post(PAGE, data=form)
    told = client.get("/tiny/sign").text
    assert "Yang Anda ketik disimpan" in told
    assert "berkas perlu dipilih lagi" not in told, "the form asks for no file"
    sign_in(client, siti)
    shown = client.get(PAGE).text
    assert "Isian Anda yang belum sampai ditampilkan kembali. Periksa, lalu kirim.</p>" in shown


def test_a_form_with_a_file_asks_for_the_file_again(client: FlaskClient, siti: Actor) -> None:
    form = open_form(client, siti)
    client.delete_cookie("kompeten_token")
    client.post(PAGE, data=form, content_type="multipart/form-data")
    assert "berkas perlu dipilih lagi" in client.get("/tiny/sign").text


def test_another_account_in_the_same_browser_is_shown_nothing_of_it(client: FlaskClient, siti: Actor) -> None:
    form = open_form(client, siti)
    client.delete_cookie("kompeten_token")
    client.post(PAGE, data=form)
    sign_in(client, person())
    assert not sees_typed(client)
    sign_in(client, siti)
    assert sees_typed(client), "it is still there for who typed it"


def test_the_same_account_in_another_browser_is_shown_nothing_of_it(client: FlaskClient, siti: Actor) -> None:
    form = open_form(client, siti)
    client.delete_cookie("kompeten_token")
    client.post(PAGE, data=form)
    other = client.application.test_client()
    sign_in(other, siti)
    assert not sees_typed(other)


def test_what_is_kept_cannot_be_read_in_the_database(client: FlaskClient, siti: Actor, database: Database) -> None:
    form = open_form(client, siti)
    client.delete_cookie("kompeten_token")
    client.post(PAGE, data=form)
    with database.reading() as session:
        kept = session.scalars(select(KeptForm)).one()
        assert b"LEMBAGA" not in kept.typed
        assert str(siti.id) not in kept.id + kept.page_id


def test_an_expired_token_keeps_it_too_should_the_session_be_over(client: FlaskClient, siti: Actor) -> None:
    form = open_form(client, siti)
    client.set_cookie("kompeten_token", "of.no.use")
    assert client.post(PAGE, data=form).status_code == 307
    sign_in(client, siti)
    assert sees_typed(client)


def test_a_new_session_of_the_same_account_takes_the_form_of_the_last_one(
    client: FlaskClient, siti: Actor, database: Database
) -> None:
    form = open_form(client, siti) | {"work.0.since": "2020-01-01"}
    sign_in(client, siti)
    assert client.post(PAGE, data=form).status_code == 303
    with database.reading() as session:
        assert session.scalars(select(Note.title)).all() == ["BUKU TAMU"]


def test_the_form_of_another_account_does_nothing_and_is_kept_for_it(
    client: FlaskClient, siti: Actor, database: Database
) -> None:
    form = open_form(client, siti) | {"work.0.since": "2020-01-01"}
    sign_in(client, person())
    assert client.post(PAGE, data=form).status_code == 303
    with database.reading() as session:
        assert session.scalars(select(Note.title)).all() == []
    assert not sees_typed(client)
    sign_in(client, siti)
    assert sees_typed(client)


@pytest.mark.parametrize("header", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.test"}])
def test_another_site_puts_nothing_into_a_form(client: FlaskClient, siti: Actor, header: dict[str, str]) -> None:
    form = open_form(client, siti)
    assert client.post("/tiny/typed", data=form, headers=header).status_code == 403
    assert not sees_typed(client)


def test_a_form_not_shown_in_this_browser_is_not_kept(client: FlaskClient, siti: Actor, database: Database) -> None:
    form = open_form(client, siti)
    other = client.application.test_client()
    sign_in(other, siti)
    other.get(PAGE)
    assert other.post("/tiny/typed", data=form).status_code == 403
    assert count_kept(database) == 0


def test_the_key_enter_sends_the_form_and_does_not_switch_the_language(client: FlaskClient, siti: Actor) -> None:
    """A browser presses the first button of a form in the order of the page, wherever it stands."""
    sign_in(client, siti)
    shown = client.get(PAGE).text
    pressed = re.search(r'<button[^>]* form="isian-1"[^>]*>', shown[: shown.index('id="isian-1"')])
    assert pressed is not None
    assert "formaction" not in pressed[0]
    assert 'name="' not in pressed[0]


def test_the_language_is_switched_in_the_middle_of_a_form(client: FlaskClient, siti: Actor) -> None:
    form = open_form(client, siti, f"{PAGE}?of=7")
    shown = client.get(f"{PAGE}?of=7").text
    assert 'form="isian-1" formaction="/tiny/typed"' in shown
    answer = client.post("/tiny/typed", data={**form, "_then": "en"})
    assert answer.headers["Location"] == f"{PAGE}?of=7&lang=en"
    text = client.get(answer.headers["Location"]).text
    assert '<html lang="en">' in text
    assert all(word in text for word in WORDS)
    assert "Discard what I typed" in text


def test_somebody_without_an_account_switches_it_too_and_leaves_nothing_behind(client: FlaskClient) -> None:
    form = {"employer": "LEMBAGA CONTOH", **read_hidden(client.get("/tiny/sign"))}
    answer = client.post("/tiny/typed", data={**form, "_then": "en"})
    assert "LEMBAGA CONTOH" in client.get(answer.headers["Location"]).text
    assert "LEMBAGA CONTOH" not in client.get("/tiny/sign").text, "who sits down there next"


def test_what_is_typed_so_far_is_there_when_one_comes_back(client: FlaskClient, siti: Actor) -> None:
    form = open_form(client, siti)
    assert client.post("/tiny/typed", data=form).status_code == 204
    assert sees_typed(client)


def test_it_can_be_discarded(client: FlaskClient, siti: Actor) -> None:
    form = open_form(client, siti)
    client.post("/tiny/typed", data=form)
    assert client.post("/tiny/typed", data={**form, "_then": "forget"}).headers["Location"] == PAGE
    assert not sees_typed(client)


def test_a_form_that_arrives_is_forgotten(client: FlaskClient, siti: Actor, database: Database) -> None:
    form = open_form(client, siti) | {"work.0.since": "2020-01-01"}
    client.post("/tiny/typed", data=form)
    assert client.post(PAGE, data=form).status_code == 303
    assert count_kept(database) == 0


def test_a_form_that_is_refused_and_left_is_there_when_one_comes_back(client: FlaskClient, siti: Actor) -> None:
    form = open_form(client, siti)
    assert client.post(PAGE, data=form).status_code == 422
    assert sees_typed(client)


def test_a_row_that_is_added_forgets_nothing(client: FlaskClient, siti: Actor) -> None:
    form = open_form(client, siti)
    assert client.post(PAGE, data={**form, "_add": "work"}).status_code == 200
    assert sees_typed(client)


def test_a_form_with_nothing_in_it_is_not_kept(client: FlaskClient, siti: Actor, database: Database) -> None:
    form = {name: value for name, value in open_form(client, siti).items() if name not in TYPED}
    assert client.post("/tiny/typed", data={**form, "title": " "}).status_code == 204
    assert count_kept(database) == 0


def test_a_refusal_that_is_a_page_of_its_own_leads_back_to_what_was_typed(client: FlaskClient, siti: Actor) -> None:
    form = open_form(client, siti)
    answer = client.post(PAGE, data={**form, "title": "BUKU\0TAMU"})
    assert answer.status_code == 422
    assert f'href="{PAGE}">Kembali ke isian saya' in answer.text


def test_what_nobody_came_back_for_is_swept(
    client: FlaskClient, siti: Actor, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post("/tiny/typed", data=open_form(client, siti))
    sweep_rows(database, KEPT_FORMS)
    assert count_kept(database) == 1
    with database.unit_of_work() as session:
        session.scalars(select(KeptForm)).one().until = real_now()
    sweep_rows(database, KEPT_FORMS)
    assert count_kept(database) == 0
