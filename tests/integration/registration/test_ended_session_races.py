"""Steps of a sign-in and changes of the second factor beside what ends the session they are done in, on PostgreSQL."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pyotp
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from services.registration.commands.loading import lock_account
from services.registration.commands.sessions import end_sign_ins
from services.registration.models import Account, Base, BrowserSession, SecondFactor
from services.registration.service import service
from shared.database.base import SharedBase
from shared.database.unit import Database
from shared.security.keys import create_keys
from shared.security.roles import Role
from shared.settings import settings
from shared.web import App
from tests.unit.registration.authenticator import ORIGIN, Authenticator
from tests.unit.registration.browser import have_staff, send, sign_in
from tests.unit.registration.passkeys import (
    APP,
    CHAIR,
    CODE,
    ENROLMENT,
    NEW,
    OWN,
    PASSKEYS,
    PROOF,
    another,
    enrol,
    kept,
    options,
    prove,
    read_codes,
)
from tests.unit.registration.people import PASSWORD

WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
MOVE = f"{OWN}/move"


@pytest.fixture
def database(postgres_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("KOMPETEN_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("KOMPETEN_SECOND_FACTOR", "required")
    monkeypatch.setenv("KOMPETEN_PUBLIC_URL", ORIGIN)
    settings.cache_clear()
    create_keys(tmp_path / "keys")
    database = Database("registration", postgres_database)
    SharedBase.metadata.create_all(database.engine)
    Base.metadata.create_all(database.engine)
    have_staff(database, Role.CHAIR, email=CHAIR)
    yield database
    database.close()
    settings.cache_clear()


@pytest.fixture
def app(database: Database) -> App:
    return service.make_application(database)


@pytest.fixture
def client(app: App) -> FlaskClient:
    return app.test_client()


def wait_until_held_up(database: Database) -> None:
    """Until somebody waits for a row that this test has locked."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with database.reading() as session:
            if session.scalar(WAITING):
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits for the account")


def read_form_secret(client: FlaskClient, page: str) -> str:
    return client.get(page).text.partition('name="csrf_token" value="')[2].partition('"')[0]


def send_while_all_ends(
    database: Database, client: FlaskClient, page: str, data: dict[str, str], path: str = ""
) -> TestResponse:
    """The answer to the form of `page`: what ends every sign-in has locked the account before the form gets to it.

    Neither waits in a ring with the other.
    """
    secret = read_form_secret(client, page)
    with ThreadPoolExecutor(1) as pool:
        with database.unit_of_work() as session:
            account = lock_account(session, session.scalars(select(Account.id).where(Account.email == CHAIR)).one())
            sending = pool.submit(partial(client.post, path or page, data={**data, "csrf_token": secret}))
            wait_until_held_up(database)
            end_sign_ins(session, account)
        answer = sending.result(15)
    assert answer.status_code < 500, answer.text
    return answer


def count_living(database: Database) -> int:
    with database.reading() as session:
        living = select(BrowserSession).where(BrowserSession.ended_at.is_(None))
        return len(session.scalars(living).all())


def read_app_secret(page: str) -> str:
    found = page.partition("secret=")[2].partition("&")[0]
    assert found, page
    return found


def enrol_app(client: FlaskClient) -> tuple[str, dict[str, str]]:
    """The secret of the app with which the chair signs in, and what moves it to another phone."""
    assert sign_in(client, CHAIR).location.startswith(ENROLMENT)
    secret = read_app_secret(client.get(ENROLMENT).text)
    page = send(client, ENROLMENT, {"code": pyotp.TOTP(secret).now()}).text
    new = read_app_secret(client.get(MOVE).text)
    return secret, {"password": PASSWORD, "old": read_codes(page)[0], "code": pyotp.TOTP(new).now()}


def is_let_in(answer: TestResponse) -> bool:
    """Whether the answer gives its browser a token."""
    return any("kompeten_token=ey" in cookie for cookie in answer.headers.getlist("Set-Cookie"))


def test_a_code_after_the_password_was_changed_opens_nothing(database: Database, client: FlaskClient, app: App) -> None:
    """This failure mode means a thief with the old password who is in though the owner has changed it."""
    codes = enrol(client, Authenticator())
    thief = app.test_client()
    assert sign_in(thief, CHAIR).location.startswith(CODE)
    answer = send_while_all_ends(database, thief, CODE, {"code": codes[0]})
    assert not is_let_in(answer)
    assert count_living(database) == 0


def test_nobody_enrols_in_a_sign_in_that_was_ended(database: Database, client: FlaskClient) -> None:
    """This failure mode means a thief's phone in the place of the owner's, with a password that counts no longer."""
    assert sign_in(client, CHAIR).location.startswith(ENROLMENT)
    secret = read_app_secret(client.get(ENROLMENT).text)
    answer = send_while_all_ends(database, client, ENROLMENT, {"code": pyotp.TOTP(secret).now()})
    assert not is_let_in(answer)
    assert count_living(database) == 0
    with database.reading() as session:
        assert session.scalars(select(SecondFactor)).all() == []


def test_a_proved_browser_adds_no_passkey_once_it_was_signed_out(database: Database, client: FlaskClient) -> None:
    codes = enrol(client, Authenticator())
    assert prove(client, code=codes[0]).status_code == 303
    answer = another().make(options(client, NEW, f"{PASSKEYS}/challenge"))
    given = send_while_all_ends(database, client, NEW, {"name": "Telepon pencuri", "credential": answer})
    assert not is_let_in(given)
    assert len(kept(database)) == 1


def test_a_passkey_is_not_removed_by_a_browser_that_was_signed_out(database: Database, client: FlaskClient) -> None:
    codes = enrol(client, Authenticator())
    assert prove(client, code=codes[0]).status_code == 303
    send(client, NEW, {"name": "Lain", "credential": another().make(options(client, NEW, f"{PASSKEYS}/challenge"))})
    assert prove(client, code=codes[1]).status_code == 303
    one = f"{PASSKEYS}/{kept(database)[0].id}"
    assert not is_let_in(send_while_all_ends(database, client, one, {}, f"{one}/removal"))
    assert len(kept(database)) == 2


def test_an_app_is_not_added_by_a_browser_that_was_signed_out(database: Database, client: FlaskClient) -> None:
    codes = enrol(client, Authenticator())
    assert prove(client, code=codes[0]).status_code == 303
    secret = read_app_secret(client.get(APP).text)
    answer = send_while_all_ends(database, client, APP, {"code": pyotp.TOTP(secret).now()})
    assert not is_let_in(answer)
    with database.reading() as session:
        assert session.scalars(select(SecondFactor)).all() == []


def test_a_factor_is_not_moved_by_a_browser_that_was_signed_out(database: Database, client: FlaskClient) -> None:
    secret, given = enrol_app(client)
    answer = send_while_all_ends(database, client, MOVE, given)
    assert not is_let_in(answer)
    with database.reading() as session:
        assert session.scalars(select(SecondFactor)).one().secret == secret


def test_codes_are_not_renewed_by_a_browser_that_was_signed_out(database: Database, client: FlaskClient) -> None:
    codes = enrol(client, Authenticator())
    assert read_codes(send_while_all_ends(database, client, OWN, {"code": codes[0]}).text) == []


def test_nothing_is_proved_in_a_browser_that_was_signed_out(database: Database, client: FlaskClient) -> None:
    codes = enrol(client, Authenticator())
    send_while_all_ends(database, client, PROOF, {"password": PASSWORD, "code": codes[0]})
    with database.reading() as session:
        assert session.scalars(select(BrowserSession).where(BrowserSession.proved_at.is_not(None))).all() == []


def test_what_was_compared_with_another_password_moves_no_factor(database: Database, client: FlaskClient) -> None:
    """The browser stays signed in where its owner changes the password in it; the one that was compared is gone."""
    secret, given = enrol_app(client)
    with ThreadPoolExecutor(1) as pool:
        form = read_form_secret(client, MOVE)
        with database.unit_of_work() as session:
            account = lock_account(session, session.scalars(select(Account.id)).one())
            sending = pool.submit(partial(client.post, MOVE, data={**given, "csrf_token": form}))
            wait_until_held_up(database)
            account.password_hash = "another hash"
        assert sending.result(15).status_code < 500
    with database.reading() as session:
        assert session.scalars(select(SecondFactor)).one().secret == secret
