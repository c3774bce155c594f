"""Passkeys at the sign-in: enrolled, shown, refused."""

import re
from datetime import timedelta

import pyotp
import pytest
from flask.testing import FlaskClient

from services.registration.domain.factors import FREE_TRIES
from shared.clock import real_now
from shared.database.unit import Database
from shared.settings import settings
from shared.web import App
from tests.clock import stopped_at
from tests.unit.registration.authenticator import Authenticator
from tests.unit.registration.browser import send, sign_in
from tests.unit.registration.passkeys import (
    CHAIR,
    CODE,
    ENROLMENT,
    another,
    challenge,
    changes,
    enrol,
    failures,
    kept,
    options,
    show,
)
from tests.unit.registration.people import PASSWORD, noted, told

pytestmark = pytest.mark.usefixtures("passkey_site")


def test_staff_enrol_a_passkey_in_place_of_an_app_and_sign_in_with_it(
    app: App, client: FlaskClient, database: Database
) -> None:
    phone = Authenticator()
    assert len(enrol(client, phone)) == 10
    assert client.get("/registration/account").status_code == 200
    assert changes(database) == ["enrolled"]
    other = app.test_client()
    assert show(other, phone).status_code == 303
    assert other.get("/registration/account").status_code == 200
    (one,) = kept(database)
    assert one.used_at is not None
    assert failures(database) == 0


def test_the_page_says_what_the_account_has(app: App, client: FlaskClient) -> None:
    enrol(client, Authenticator())
    other = app.test_client()
    sign_in(other, CHAIR)
    page = other.get(CODE).text
    assert "Masuk dengan kunci sandi" in page
    assert "aplikasi di telepon" not in page
    assert "passkey.js" in page


def test_a_recovery_code_works_beside_a_passkey(app: App, client: FlaskClient) -> None:
    codes = enrol(client, Authenticator())
    other = app.test_client()
    sign_in(other, CHAIR)
    assert send(other, CODE, {"code": codes[0]}).status_code == 303


def test_a_program_takes_a_recovery_code_of_who_has_passkeys_alone(app: App, client: FlaskClient) -> None:
    codes = enrol(app.test_client(), Authenticator())
    given = {"email": CHAIR, "password": PASSWORD}
    assert client.post("/registration/api/tokens", json=given).get_json()["code"] == "second-factor-needed"
    assert client.post("/registration/api/tokens", json={**given, "code": codes[0]}).status_code == 201


def test_the_api_enrols_no_app_beside_a_passkey_with_the_password_alone(app: App, client: FlaskClient) -> None:
    """This failure mode means a thief who knows the password and puts the own phone beside the owner's passkey."""
    enrol(app.test_client(), Authenticator())
    given = {"email": CHAIR, "password": PASSWORD}
    assert client.post("/registration/api/second-factor/enrolment", json=given).status_code == 409
    secret = "A" * 32
    more = {**given, "secret": secret, "code": pyotp.TOTP(secret).now()}
    assert client.post("/registration/api/second-factor/confirmation", json=more).status_code == 409
    sign_in(client, CHAIR)
    assert client.get(ENROLMENT).status_code == 409


def test_an_answer_is_good_once_in_one_browser_for_minutes(app: App, client: FlaskClient, database: Database) -> None:
    """This failure mode means that what was seen once opens the account again, or somewhere else."""
    phone = Authenticator()
    enrol(client, phone)
    here, there = app.test_client(), app.test_client()
    sign_in(here, CHAIR)
    sign_in(there, CHAIR)
    answer = phone.show(options(here, CODE))
    options(there, CODE)
    assert send(there, CODE, {"credential": answer}).status_code == 422, "asked for by another browser"
    passed = send(here, CODE, {"credential": answer})
    assert passed.status_code == 303
    third = app.test_client()
    sign_in(third, CHAIR)
    assert send(third, CODE, {"credential": answer}).status_code == 409, "no question was asked"
    late = phone.show(options(third, CODE))
    with stopped_at(real_now() + timedelta(minutes=6)):
        assert send(third, CODE, {"credential": late}).status_code == 409
    assert third.get_cookie("kompeten_token") is None


def test_a_wrong_answer_has_used_its_question_up(app: App, client: FlaskClient) -> None:
    phone = Authenticator()
    enrol(client, phone)
    other = app.test_client()
    sign_in(other, CHAIR)
    asked = options(other, CODE)
    assert send(other, CODE, {"credential": Authenticator().show(asked)}).status_code == 422
    assert send(other, CODE, {"credential": phone.show(asked)}).status_code == 409


def test_wrong_passkeys_and_wrong_codes_count_together(app: App, client: FlaskClient, database: Database) -> None:
    phone = Authenticator()
    codes = enrol(client, phone)
    other = app.test_client()
    sign_in(other, CHAIR)
    for _ in range(FREE_TRIES - 1):
        assert send(other, CODE, {"credential": Authenticator().show(options(other, CODE))}).status_code == 422
    assert send(other, CODE, {"code": "000000"}).status_code == 422
    assert failures(database) == FREE_TRIES
    assert challenge(other, CODE).status_code == 429
    assert send(other, CODE, {"code": codes[0]}).status_code == 429
    with database.reading() as session:
        assert [fact["change"] for fact in told(session, "account_security_changed")][-1] == "codes_wrong"
    with stopped_at(real_now() + timedelta(seconds=61)):
        assert send(other, CODE, {"credential": phone.show(options(other, CODE))}).status_code == 303
    assert failures(database) == 0


def test_a_counter_that_goes_back_is_refused_and_told(
    app: App, client: FlaskClient, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    key = Authenticator(count=10)
    enrol(client, key)
    assert show(app.test_client(), key).status_code == 303
    key.count = 9
    assert show(app.test_client(), key).status_code == 422
    assert changes(database)[-1] == "passkey_cloned"
    assert kept(database)[0].sign_count == 11
    assert "passkey-cloned" in caplog.text
    with database.reading() as session:
        acts = noted(session)
    change = {"change": "passkey_cloned", "passkey": str(kept(database)[0].id)}
    assert ("account:change-second-factor", None, change) in acts


def test_nobody_without_the_key_makes_the_owner_believe_in_a_clone(
    app: App, client: FlaskClient, database: Database
) -> None:
    enrol(client, Authenticator(count=10))
    assert show(app.test_client(), Authenticator(count=1)).status_code == 422
    assert "passkey_cloned" not in changes(database)


def test_nobody_learns_of_passkeys_before_the_password(app: App, client: FlaskClient) -> None:
    enrol(client, Authenticator())
    stranger = app.test_client()
    page = send(stranger, "/registration/sign-in", {"email": CHAIR, "password": "salah sekali"})
    assert "passkey" not in page.text.lower()
    for path in (CODE, ENROLMENT):
        answer = challenge(stranger, "/registration/sign-in", f"{path}/challenge")
        assert (answer.status_code, answer.get_json()["code"]) == (401, "not-signed-in")


def test_who_signs_in_makes_no_passkey_in_place_of_showing_one(
    app: App, client: FlaskClient, database: Database
) -> None:
    """This failure mode means that the password alone adds a second factor."""
    enrol(client, Authenticator())
    thief = app.test_client()
    sign_in(thief, CHAIR)
    assert challenge(thief, CODE, f"{ENROLMENT}/challenge").status_code == 401
    asked = options(thief, CODE)
    form = {"name": "Pencuri", "credential": another().make(asked)}
    assert send(thief, ENROLMENT, form, form=CODE).status_code == 409
    assert len(kept(database)) == 1


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "http://lsp.contoh.test"])
def test_where_browsers_make_none_an_app_is_what_there_is(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("KOMPETEN_PUBLIC_URL", address)
    settings.cache_clear()
    sign_in(client, CHAIR)
    page = client.get(ENROLMENT).text
    assert "Buat kunci sandi" not in page
    assert "Pindai kode ini" in page
    assert challenge(client, ENROLMENT).get_json()["code"] == "passkeys-unavailable"


def test_a_site_that_moved_away_leaves_recovery_codes(
    app: App, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = enrol(client, Authenticator())
    monkeypatch.setenv("KOMPETEN_PUBLIC_URL", "http://127.0.0.1:8000")
    settings.cache_clear()
    other = app.test_client()
    sign_in(other, CHAIR)
    assert "Masuk dengan kunci sandi" not in other.get(CODE).text
    assert send(other, CODE, {"code": codes[0]}).status_code == 303


def test_without_scripts_the_page_says_what_to_do(app: App, client: FlaskClient) -> None:
    enrol(client, Authenticator())
    other = app.test_client()
    sign_in(other, CHAIR)
    page = other.get(CODE).text
    assert "<noscript>" in page
    assert "data-passkey-button disabled>" in page
    refused = send(other, CODE, {"credential": ""})
    assert refused.status_code == 422
    assert "memerlukan JavaScript" in refused.text


def test_the_script_listens_before_anybody_can_press_a_button(client: FlaskClient) -> None:
    sign_in(client, CHAIR)
    page = client.get(ENROLMENT).text
    script = re.search(r"<script src=\S+passkey\S+>", page)
    assert script is not None
    assert "defer" not in script.group()
    assert script.start() < page.index("<form")
