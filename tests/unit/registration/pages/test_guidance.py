"""Pages say what has happened and what comes next: where a link has ended, a session is over, a log goes on."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from kompeten.services import NAMES
from services.registration.commands.registering import Register, request_registration
from services.registration.jobs import jobs
from services.registration.models import BrowserSession
from shared.clock import real_now
from shared.contracts.registration import AccountInvited, RegistrationRequested
from shared.database.unit import Database
from shared.security.roles import Role
from shared.security.tokens import verify_token
from shared.settings import settings
from shared.web.access_log_pages import STAGES
from tests.unit.registration.browser import have_applicant, have_staff, send, sign_in
from tests.unit.registration.people import PASSWORD, told_links

SIGN_IN, PROFILE = "/registration/sign-in", "/registration/account/profile"
LOST = "tidak tersimpan"


@pytest.fixture
def siti(client: FlaskClient, database: Database) -> FlaskClient:
    have_applicant(database)
    sign_in(client, "siti@contoh.test")
    return client


@pytest.fixture
def _staff_need_a_second_factor(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("KOMPETEN_SECOND_FACTOR", "required")
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_the_page_of_ones_own_looks_leads_to_the_logs_of_every_stage(siti: FlaskClient) -> None:
    page = siti.get("/registration/looks").text
    assert STAGES.keys() == set(NAMES) - {"notification"}
    assert all(f'href="/{service}/looks"' in page for service in STAGES)
    assert 'aria-current="page">permohonan' in page


def test_the_auditor_goes_from_one_stages_log_to_the_next(client: FlaskClient, database: Database) -> None:
    have_staff(database, Role.AUDITOR)
    sign_in(client, "staf@contoh.test")
    page = client.get("/registration/access-log").text
    assert all(f'href="/{service}/access-log"' in page for service in STAGES)


def test_a_form_sent_when_the_session_was_over_is_told_to_be_lost(siti: FlaskClient, database: Database) -> None:
    given = {"name": "Siti Baru (contoh)", "language": "id", "csrf_token": _csrf(siti)}
    siti.delete_cookie("kompeten_token")
    siti.delete_cookie("kompeten_session", path="/registration")
    assert LOST in siti.post(PROFILE, data=given, follow_redirects=True).text
    assert LOST not in siti.get(PROFILE, follow_redirects=True).text
    sign_in(siti, "siti@contoh.test")
    given["csrf_token"] = _csrf(siti)
    siti.set_cookie("kompeten_token", "expired")
    with database.unit_of_work() as session:
        for one in session.scalars(select(BrowserSession)):
            one.expires_at = real_now()
    assert LOST in siti.post(PROFILE, data=given, follow_redirects=True).text


def test_who_signs_out_after_the_session_lost_nothing(siti: FlaskClient) -> None:
    siti.delete_cookie("kompeten_token")
    siti.delete_cookie("kompeten_session", path="/registration")
    answer = siti.post("/registration/sign-out", follow_redirects=True)
    assert (answer.request.path, LOST in answer.text) == (SIGN_IN, False)
    sign_in(siti, "siti@contoh.test")
    assert siti.get(answer.request.full_path).location == "/registration/applications"


@pytest.mark.usefixtures("_staff_need_a_second_factor")
@pytest.mark.parametrize("step", ["code", "enrolment"])
def test_who_was_too_slow_at_the_second_step_signs_in_without_going_in_circles(
    client: FlaskClient, database: Database, step: str
) -> None:
    have_applicant(database)
    late = client.get(f"{SIGN_IN}/{step}")
    answer = send(client, late.location, {"email": "siti@contoh.test", "password": PASSWORD})
    assert answer.location == "/registration/applications"
    have_staff(database, Role.CHAIR)
    staff = client.application.test_client()
    answer = send(staff, late.location, {"email": "staf@contoh.test", "password": PASSWORD})
    assert answer.location == f"{SIGN_IN}/enrolment"


def test_a_link_that_was_used_offers_no_form_and_the_way_on(client: FlaskClient, database: Database) -> None:
    with database.unit_of_work() as session:
        request_registration(session, Register(name="Siti (contoh)", email="siti@contoh.test", language="id"))
    jobs.run_due(database)
    with database.reading() as session:
        (path,) = told_links(session, RegistrationRequested)
    path = path.removeprefix("http://127.0.0.1:8000")
    given = {"key": path.partition("key=")[2], "name": "Siti (contoh)", "new": PASSWORD}
    assert send(client, "/registration/register/confirm", given, form=path).status_code == 303
    for dead in (path, "/registration/password/reset?key=nothing"):
        page = client.application.test_client().get(dead)
        assert page.status_code == 409
        assert 'name="new"' not in page.text
        assert f'class="button {"" if "register" in dead else "secondary"}" href="{SIGN_IN}"' in page.text


def test_who_is_invited_reads_of_a_password_that_is_made_not_made_anew(client: FlaskClient, database: Database) -> None:
    have_staff(database, Role.ADMINISTRATOR, email="admin@contoh.test")
    sign_in(client, "admin@contoh.test")
    new = {"name": "Asesor (contoh)", "email": "asesor@contoh.test", "roles": ["assessor"], "nik": "3171014101850001"}
    shown = send(client, "/registration/accounts/new", {**new, "language": "id"}).location
    assert [word for word in ("Belum dibuat", "Ganti NIK") if word in client.get(shown).text] == [
        "Belum dibuat",
        "Ganti NIK",
    ]
    with database.reading() as session:
        (link,) = told_links(session, AccountInvited)
    guest = client.application.test_client()
    link = link.removeprefix("http://127.0.0.1:8000")
    weak = send(guest, "/registration/password/reset", {"key": link.partition("key=")[2], "new": "x"}, form=link)
    for page in (guest.get(link).text, weak.text):
        assert "Buat kata sandi" in page
        assert "Atur kata sandi baru" not in page


def test_the_browser_one_sits_at_is_marked_and_alone_offers_to_end_no_other(siti: FlaskClient) -> None:
    alone = siti.get("/registration/account").text
    assert (alone.count("(peramban ini)"), "Keluarkan peramban lain" in alone) == (1, False)
    sign_in(siti.application.test_client(), "siti@contoh.test")
    both = siti.get("/registration/account").text
    assert (both.count("(peramban ini)"), "Keluarkan peramban lain" in both) == (1, True)


def test_a_sentence_stands_in_the_list_and_at_its_field_and_no_third_time(siti: FlaskClient) -> None:
    change = {"current": "bukan kata sandinya", "new": "lima kata acak yang baru"}
    assert send(siti, "/registration/account/password", change).text.count("Kata sandi tidak cocok.") == 2


def _csrf(client: FlaskClient) -> str:
    token = client.get_cookie("kompeten_token")
    assert token
    return verify_token(token.value).csrf
