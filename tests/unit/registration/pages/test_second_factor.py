"""The second factor in a browser, and as a program meets it."""

import re
from datetime import timedelta
from pathlib import Path

import httpx
import pyotp
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kompeten.demo.client import Client, DemoFailed
from kompeten.demo.play import _play
from services.registration.commands.steps import has_second_factor
from shared.clock import real_now
from shared.database.unit import Database
from shared.security.roles import Role
from shared.settings import settings
from shared.web import App
from tests.clock import stopped_at
from tests.unit.registration.browser import bearer, have_applicant, have_staff, send, sign_in
from tests.unit.registration.people import PASSWORD, told

CODE, ENROLMENT = "/registration/sign-in/code", "/registration/sign-in/enrolment"
OWN = "/registration/account/second-factor"
CHAIR = "ketua@contoh.test"


@pytest.fixture(autouse=True)
def _required(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOMPETEN_SECOND_FACTOR", "required")
    settings.cache_clear()
    have_staff(database, Role.CHAIR, email=CHAIR)


def cookie(client: FlaskClient, name: str, path: str = "/") -> str | None:
    found = client.get_cookie(name, path=path)
    return found.value if found else None


def read_secret(page: str) -> str:
    found = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert found, page
    return found[1].replace(" ", "")


def read_codes(page: str) -> list[str]:
    return re.findall(r"<code>([a-z0-9-]{14})</code>", page)


def enrol(client: FlaskClient) -> tuple[str, list[str]]:
    """The first sign-in of the chair: secret and recovery codes."""
    assert sign_in(client, CHAIR).location.startswith(ENROLMENT)
    secret = read_secret(client.get(ENROLMENT).text)
    shown = send(client, ENROLMENT, {"code": pyotp.TOTP(secret).now()})
    assert shown.status_code == 200, shown.text
    return secret, read_codes(shown.text)


def test_staff_enrol_at_the_first_sign_in_and_are_in(client: FlaskClient, database: Database) -> None:
    _, codes = enrol(client)
    assert len(codes) == 10
    assert client.get("/registration/account").status_code == 200
    assert codes[0] not in client.get(OWN).text
    with database.reading() as session:
        assert [fact["change"] for fact in told(session, "second_factor_changed")] == ["enrolled"]


def test_the_password_alone_opens_no_page(client: FlaskClient) -> None:
    sign_in(client, CHAIR)
    assert cookie(client, "kompeten_token") is None
    assert client.get("/registration/account").location.startswith("/registration/sign-in")
    assert client.get("/registration/session/renew").location.startswith("/registration/sign-in")


def test_a_wrong_code_keeps_the_same_secret_on_the_page(client: FlaskClient) -> None:
    sign_in(client, CHAIR)
    secret = read_secret(client.get(ENROLMENT).text)
    refused = send(client, ENROLMENT, {"code": "abc"})
    assert refused.status_code == 422
    assert read_secret(refused.text) == secret


def test_later_sign_ins_ask_for_a_code_and_go_on_to_where_one_wanted(app: App, client: FlaskClient) -> None:
    secret, codes = enrol(client)
    other = app.test_client()
    answer = send(other, "/registration/sign-in?next=/registration/account", {"email": CHAIR, "password": PASSWORD})
    assert answer.location == f"{CODE}?next=/registration/account"
    assert send(other, answer.location, {"code": "000000"}).status_code == 422
    assert cookie(other, "kompeten_token") is None
    later = real_now() + timedelta(minutes=2)
    with stopped_at(later):
        passed = send(other, answer.location, {"code": pyotp.TOTP(secret).at(later)})
    assert passed.location == "/registration/account"
    third = app.test_client()
    sign_in(third, CHAIR)
    assert send(third, CODE, {"code": codes[0]}).status_code == 303


def test_the_code_page_is_nothing_without_the_password(client: FlaskClient) -> None:
    for page in (CODE, ENROLMENT):
        assert client.get(page).location.startswith("/registration/sign-in?")


def test_who_has_a_factor_enrols_no_other_with_the_password_alone(app: App, client: FlaskClient) -> None:
    enrol(client)
    thief = app.test_client()
    sign_in(thief, CHAIR)
    assert thief.get(ENROLMENT).status_code == 409


def test_who_has_none_passes_no_code_page(client: FlaskClient) -> None:
    """Somebody who must enrol goes to the other page by hand."""
    sign_in(client, CHAIR)
    assert send(client, CODE, {"code": "000000"}).status_code == 422


def test_new_recovery_codes_want_a_code(client: FlaskClient) -> None:
    _, codes = enrol(client)
    assert send(client, OWN, {"code": "000000"}).status_code == 422
    new = read_codes(send(client, OWN, {"code": codes[0]}).text)
    assert len(new) == 10
    assert not set(new) & set(codes)


MOVE = OWN + "/move"


def test_a_phone_is_changed_by_its_owner_and_the_old_one_counts_no_longer(app: App, client: FlaskClient) -> None:
    old, codes = enrol(client)
    other = app.test_client()
    sign_in(other, CHAIR)
    send(other, CODE, {"code": codes[1]})
    assert other.get("/registration/account").status_code == 200
    new = read_secret(client.get(MOVE).text)
    assert new != old
    given = {"password": PASSWORD, "old": codes[0], "code": pyotp.TOTP(new).now()}
    fresh = read_codes(send(client, MOVE, given).text)
    assert len(fresh) == 10
    assert client.get("/registration/account").status_code == 200
    assert other.get("/registration/session/renew").location.startswith("/registration/sign-in")
    third = app.test_client()
    sign_in(third, CHAIR)
    for dead in (codes[2], pyotp.TOTP(old).now()):
        assert send(third, CODE, {"code": dead}).status_code == 422
    assert send(third, CODE, {"code": fresh[0]}).status_code == 303


@pytest.mark.parametrize(
    ("change", "field"),
    [({"password": "salah sekali"}, "password"), ({"old": "000000"}, "old"), ({"code": "0"}, "code")],
)
def test_a_phone_is_not_changed_without_password_and_both_codes(
    client: FlaskClient, database: Database, change: dict[str, str], field: str
) -> None:
    """This failure mode means a thief at an open browser who takes the account over for good."""
    _, codes = enrol(client)
    new = read_secret(client.get(MOVE).text)
    given = {"password": PASSWORD, "old": codes[0], "code": pyotp.TOTP(new).now()}
    answer = send(client, MOVE, given | change)
    assert (answer.status_code, f'href="#f-{field}"' in answer.text) == (422, True)
    assert PASSWORD not in answer.text
    assert len(read_codes(send(client, MOVE, given).text)) == 10, "the recovery code was not used up"
    with database.reading() as session:
        assert [fact["change"] for fact in told(session, "second_factor_changed")][-1] == "moved"


def test_who_has_no_second_factor_moves_none(client: FlaskClient, database: Database) -> None:
    have_applicant(database)
    sign_in(client, "siti@contoh.test")
    assert client.get(MOVE).status_code == 409


def test_an_applicant_may_enrol_and_stays_signed_in(client: FlaskClient, database: Database) -> None:
    have_applicant(database)
    sign_in(client, "siti@contoh.test")
    secret = read_secret(client.get(OWN).text)
    assert len(read_codes(send(client, OWN, {"password": PASSWORD, "code": pyotp.TOTP(secret).now()}).text)) == 10
    assert client.get("/registration/session/renew?next=/registration/account").location == "/registration/account"


def test_an_administrator_resets_a_colleagues_on_the_page(app: App, client: FlaskClient, database: Database) -> None:
    enrol(client)
    have_staff(database, Role.ADMINISTRATOR, email="admin@contoh.test")
    admin = app.test_client()
    assert sign_in(admin, "admin@contoh.test").location.startswith(ENROLMENT)
    secret = read_secret(admin.get(ENROLMENT).text)
    send(admin, ENROLMENT, {"code": pyotp.TOTP(secret).now()})
    found = re.search(r"/registration/accounts/[0-9a-f-]{36}", admin.get(f"/registration/accounts?q={CHAIR}").text)
    assert found
    assert "Atur ulang masuk dua langkah" in admin.get(found[0]).text
    assert send(admin, f"{found[0]}/second-factor/reset", {}, form=found[0]).status_code == 303
    assert "Atur ulang masuk dua langkah" not in admin.get(found[0]).text
    assert client.post("/registration/account/profile").status_code in (303, 307)


def test_a_program_is_asked_for_a_code(app: App, client: FlaskClient) -> None:
    given = {"email": CHAIR, "password": PASSWORD}
    first = client.post("/registration/api/tokens", json=given)
    assert (first.status_code, first.get_json()["code"]) == (403, "second-factor-missing")
    _, codes = enrol(app.test_client())
    for code in ("", "000000"):
        refused = client.post("/registration/api/tokens", json={**given, "code": code})
        assert (refused.status_code, refused.get_json()["code"]) == (401, "second-factor-needed")
    assert client.post("/registration/api/tokens", json={**given, "code": codes[0]}).status_code == 201
    assert client.post("/registration/api/tokens", json={**given, "code": codes[0]}).status_code == 401


def test_wrong_codes_of_a_program_are_counted(app: App, client: FlaskClient) -> None:
    enrol(app.test_client())
    given = {"email": CHAIR, "password": PASSWORD, "code": "000000"}
    answers = [client.post("/registration/api/tokens", json=given).status_code for _ in range(6)]
    assert answers == [401] * 5 + [429]


def test_the_demo_takes_no_second_factor_and_says_where_it_is_played(app: App, tmp_path: Path) -> None:
    """This failure mode means an administrator whom the demo enrolled, and who never signs in again."""
    with httpx.Client(transport=httpx.WSGITransport(app=app)) as http, pytest.raises(DemoFailed, match="trial"):
        _play(Client("http://contoh.test", http=http), CHAIR, PASSWORD, None, tmp_path, print)
    assert sign_in(app.test_client(), CHAIR).location.startswith(ENROLMENT)


def test_the_api_enrols_nobody_without_the_password(client: FlaskClient) -> None:
    wrong = {"email": CHAIR, "password": "salah sekali"}
    assert client.post("/registration/api/second-factor/enrolment", json=wrong).status_code == 401
    more = {**wrong, "secret": "A" * 32, "code": "000000"}
    assert client.post("/registration/api/second-factor/confirmation", json=more).status_code == 401


def test_where_it_is_only_offered_nobody_is_held_up(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOMPETEN_SECOND_FACTOR", "offered")
    settings.cache_clear()
    assert bearer(client, CHAIR)
    assert not sign_in(client, CHAIR).location.startswith(ENROLMENT)


SITI = "siti@contoh.test"


def enrol_as(client: FlaskClient, **given: str) -> TestResponse:
    """Siti's own page of the second factor, filled in with a right code and what else is given."""
    secret = read_secret(client.get(OWN).text)
    return send(client, OWN, {"code": pyotp.TOTP(secret).now(), **given})


@pytest.mark.parametrize("password", ["", "salah-sama-sekali"])
def test_who_has_the_session_and_not_the_password_enrols_no_factor(
    client: FlaskClient, database: Database, password: str
) -> None:
    """This failure mode means that a thief's phone locks the owner out, whom only an administrator can help."""
    account = have_applicant(database, SITI)
    sign_in(client, SITI)
    assert enrol_as(client, password=password).status_code == 422
    with database.reading() as session:
        assert not has_second_factor(session, account)


def test_a_stolen_token_with_an_invented_session_is_offered_no_secret(
    app: App, client: FlaskClient, database: Database
) -> None:
    have_applicant(database, SITI)
    sign_in(client, SITI)
    thief = app.test_client()
    thief.set_cookie("kompeten_token", cookie(client, "kompeten_token") or "")
    thief.set_cookie("kompeten_session", "thiefthiefthief", path="/registration")
    shown = thief.get(OWN)
    assert shown.status_code in (303, 401)
    assert "<code>" not in shown.text


def test_recovery_codes_are_shown_once_though_the_form_comes_again(client: FlaskClient, database: Database) -> None:
    """On a shared computer, Back and Send again showed all ten to whoever came next."""
    have_applicant(database, SITI)
    sign_in(client, SITI)
    page = client.get(OWN).text
    form = {"password": PASSWORD, "code": pyotp.TOTP(read_secret(page)).now()}
    for name in ("csrf_token", "idempotency_key"):
        found = re.search(f'name="{name}" value="([^"]+)"', page)
        form[name] = found[1] if found else ""
    assert len(read_codes(client.post(OWN, data=form).text)) == 10
    send(client, "/registration/sign-out", {}, form="/registration/account")
    again = client.post(OWN, data=form)
    assert not read_codes(again.text)
    assert "kompeten_token=e" not in "".join(again.headers.getlist("Set-Cookie"))


def test_who_signed_in_without_a_second_step_enrols_none_on_the_page_of_the_sign_in(
    client: FlaskClient, database: Database
) -> None:
    """That page asks for no password: whoever found the browser open in its first minutes locked the owner out."""
    account = have_applicant(database, SITI)
    sign_in(client, SITI)
    shown = client.get(ENROLMENT)
    assert shown.status_code == 303, shown.text
    assert "<code>" not in shown.text
    secret = read_secret(client.get(OWN).text)
    assert send(client, ENROLMENT, {"code": pyotp.TOTP(secret).now()}, form=OWN).status_code in (303, 307)
    with database.reading() as session:
        assert not has_second_factor(session, account)
