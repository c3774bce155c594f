"""Passkeys under *Akun saya*: added after a proof, renamed, removed, an app beside them."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pyotp
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from services.registration.domain.passkeys import MOST_PASSKEYS
from services.registration.models import Account, BrowserSession
from shared.clock import real_now
from shared.database.unit import Database
from shared.security.roles import Role
from shared.web import App
from tests.clock import stopped_at
from tests.unit.registration.authenticator import Authenticator, decoded
from tests.unit.registration.browser import bearer, have_applicant, have_staff, send, sign_in
from tests.unit.registration.passkeys import (
    APP,
    CHAIR,
    CODE,
    ENROLMENT,
    NEW,
    OWN,
    PASSKEYS,
    PROOF,
    SITI,
    add,
    another,
    challenge,
    changes,
    enrol,
    kept,
    options,
    prove,
    read_codes,
    show,
)
from tests.unit.registration.people import PASSWORD

pytestmark = pytest.mark.usefixtures("passkey_site")


def test_an_applicant_adds_one_of_their_own_accord_after_the_password(client: FlaskClient, database: Database) -> None:
    have_applicant(database, SITI)
    sign_in(client, SITI)
    assert "Pasang kunci sandi" in client.get(OWN).text
    assert client.get(NEW).location.startswith(PROOF)
    assert challenge(client, OWN, f"{PASSKEYS}/challenge").status_code == 409
    assert prove(client, password="salah sekali").status_code == 422
    assert client.get(NEW).location.startswith(PROOF)
    answer = send(client, client.get(NEW).location, {"password": PASSWORD})
    assert answer.location == NEW
    assert len(read_codes(add(client, Authenticator()).text)) == 10
    assert client.get("/registration/session/renew?next=/registration/account").location == "/registration/account"
    assert changes(database) == ["enrolled"]


def test_one_more_takes_the_password_and_what_the_account_has(
    app: App, client: FlaskClient, database: Database
) -> None:
    phone = Authenticator()
    codes = enrol(client, phone)
    assert prove(client).status_code == 422, "the password alone is not enough"
    assert prove(client, code="000000").status_code == 422
    assert client.get(NEW).location.startswith(PROOF)
    answer = phone.show(options(client, PROOF))
    assert prove(client, credential=answer).location == OWN
    assert add(client, another()).location == OWN
    assert [one.name for one in kept(database)] == ["Telepon", "Kunci kantor"]
    assert changes(database) == ["enrolled", "passkey_added"]
    assert client.get(NEW).location.startswith(PROOF), "one proof, one change"
    assert prove(client, code=codes[0]).location == OWN
    assert add(client, another()).status_code == 409, "it is there"


def test_the_challenge_of_a_known_browser_excludes_what_it_has(client: FlaskClient, database: Database) -> None:
    phone = Authenticator()
    enrol(client, phone)
    prove(client, credential=phone.show(options(client, PROOF)))
    asked = options(client, NEW, f"{PASSKEYS}/challenge")
    assert [decoded(one["id"]) for one in asked["excludeCredentials"]] == [phone.credential_id]


def test_there_is_an_end_to_passkeys(client: FlaskClient, database: Database) -> None:
    phone = Authenticator()
    enrol(client, phone)
    for number in range(MOST_PASSKEYS - 1):
        prove(client, credential=phone.show(options(client, PROOF)))
        assert add(client, another(number)).status_code == 303
    prove(client, credential=phone.show(options(client, PROOF)))
    full = challenge(client, NEW, f"{PASSKEYS}/challenge")
    assert (full.status_code, full.get_json()["code"]) == (409, "passkeys-full")


@pytest.mark.parametrize("name", ["", " ", "x" * 61, "\u200b", "\ufb2c" * 60])
def test_a_passkey_has_a_name(client: FlaskClient, database: Database, name: str) -> None:
    sign_in(client, CHAIR)
    answer = Authenticator().make(options(client, ENROLMENT))
    assert send(client, ENROLMENT, {"name": name, "credential": answer}).status_code == 422
    assert kept(database) == []


def test_one_is_renamed_and_nobody_is_written_to(client: FlaskClient, database: Database) -> None:
    enrol(client, Authenticator())
    (one,) = kept(database)
    assert send(client, f"{PASSKEYS}/{one.id}", {"name": "  Telepon   baru <b>"}).location == OWN
    assert kept(database)[0].name == "Telepon baru <b>"
    assert "Telepon baru &lt;b&gt;" in client.get(OWN).text
    assert changes(database) == ["enrolled"]


def removal(passkey: UUID) -> tuple[str, str]:
    return f"{PASSKEYS}/{passkey}/removal", f"{PASSKEYS}/{passkey}"


def test_one_of_two_is_removed_after_a_proof_and_other_browsers_are_signed_out(
    app: App, client: FlaskClient, database: Database
) -> None:
    phone, lost = Authenticator(), another()
    codes = enrol(client, phone)
    prove(client, code=codes[0])
    add(client, lost)
    thief = app.test_client()
    assert show(thief, lost).status_code == 303
    path, page = removal(kept(database)[1].id)
    assert send(client, path, {}, form=page).location.startswith(PROOF)
    assert len(kept(database)) == 2
    prove(client, credential=phone.show(options(client, PROOF)))
    assert send(client, path, {}, form=page).location == OWN
    assert [one.name for one in kept(database)] == ["Telepon"]
    assert changes(database)[-1] == "passkey_removed"
    assert client.get("/registration/account").status_code == 200
    assert thief.get("/registration/session/renew").location.startswith("/registration/sign-in")
    assert show(app.test_client(), lost).status_code == 422


def test_the_last_factor_of_who_must_have_one_stays(client: FlaskClient, database: Database) -> None:
    codes = enrol(client, Authenticator())
    path, page = removal(kept(database)[0].id)
    told = client.get(page).text
    assert "akun petugas memerlukannya" in told
    assert "Buktikan dahulu" not in told
    prove(client, code=codes[0])
    send(client, path, {}, form=page)
    assert len(kept(database)) == 1
    assert "langkah kedua terakhir" in client.get(OWN).text


def test_an_applicant_may_go_back_to_the_password_alone(app: App, client: FlaskClient, database: Database) -> None:
    have_applicant(database, SITI)
    sign_in(client, SITI)
    prove(client)
    codes = read_codes(add(client, Authenticator()).text)
    path, page = removal(kept(database)[0].id)
    assert "dengan kata sandi saja" in client.get(page).text
    prove(client, code=codes[0])
    send(client, path, {}, form=page)
    assert kept(database) == []
    with database.reading() as session:
        assert session.execute(text("select count(*) from recovery_codes")).scalar() == 0
    assert sign_in(app.test_client(), SITI).location == "/registration/applications"


def test_an_app_is_added_beside_passkeys_after_a_proof(app: App, client: FlaskClient, database: Database) -> None:
    phone = Authenticator()
    codes = enrol(client, phone)
    assert client.get(APP).location.startswith(PROOF)
    prove(client, credential=phone.show(options(client, PROOF)))
    found = re.search(r"<code>([A-Z2-7 ]+)</code>", client.get(APP).text)
    assert found
    totp = pyotp.TOTP(found[1].replace(" ", ""))
    assert send(client, APP, {"code": "000000"}).status_code == 422
    assert send(client, APP, {"code": totp.now()}).location == OWN
    assert changes(database) == ["enrolled", "app_added"]
    other, later = app.test_client(), real_now() + timedelta(minutes=2)
    with stopped_at(later):
        sign_in(other, CHAIR)
        assert send(other, CODE, {"code": totp.at(later)}).status_code == 303
        assert send(client, OWN, {"code": codes[0]}).status_code == 200


def test_an_app_is_no_first_factor_after_a_proof_by_password(client: FlaskClient, database: Database) -> None:
    """It would bring no recovery codes along."""
    have_applicant(database, SITI)
    sign_in(client, SITI)
    prove(client)
    assert client.get(APP).status_code == 409


def test_new_recovery_codes_for_a_passkey(client: FlaskClient) -> None:
    phone = Authenticator()
    old = enrol(client, phone)
    assert send(client, OWN, {}).status_code == 409
    prove(client, credential=phone.show(options(client, PROOF)))
    new = read_codes(send(client, OWN, {}).text)
    assert len(new) == 10
    assert not set(new) & set(old)
    assert send(client, OWN, {}).status_code == 409


def test_a_proof_ends_soon_and_with_any_change(app: App, client: FlaskClient, database: Database) -> None:
    phone = Authenticator()
    codes = enrol(client, phone)
    prove(client, code=codes[0])
    with stopped_at(real_now() + timedelta(minutes=11)):
        assert client.get(NEW).location.startswith(PROOF)
    other = app.test_client()
    show(other, phone)
    prove(other, code=codes[1])
    assert add(client, another()).location == OWN
    with database.reading() as session:
        assert not list(session.scalars(select(BrowserSession).where(BrowserSession.proved_at.is_not(None))))
    assert other.get(NEW).location.startswith(("/registration/session/renew", PROOF))


def test_a_proof_leads_nowhere_else(client: FlaskClient, database: Database) -> None:
    have_applicant(database, SITI)
    sign_in(client, SITI)
    assert send(client, f"{PROOF}?next=https://evil.test/", {"password": PASSWORD}).location == OWN


def test_a_stolen_token_without_its_session_gets_no_question(app: App, client: FlaskClient, database: Database) -> None:
    have_applicant(database, SITI)
    headers = {**bearer(client, SITI), "Accept": "application/json"}
    thief = app.test_client()
    for path in (f"{PROOF}/challenge", f"{PASSKEYS}/challenge"):
        assert thief.post(path, headers=headers).status_code == 401
    assert thief.post(PROOF, headers=headers, data={"password": PASSWORD}).status_code == 401


@pytest.mark.parametrize("method", ["get", "post"])
def test_somebody_elses_passkey_is_not_found(app: App, client: FlaskClient, database: Database, method: str) -> None:
    enrol(client, Authenticator())
    (one,) = kept(database)
    have_applicant(database, SITI)
    headers = bearer(app.test_client(), SITI)
    ask: Callable[..., TestResponse] = getattr(app.test_client(), method)
    paths = [f"{PASSKEYS}/{one.id}"] + ([f"{PASSKEYS}/{one.id}/removal"] if method == "post" else [])
    assert [ask(path, headers=headers).status_code for path in paths] == [404] * len(paths)


def test_an_administrators_reset_takes_passkeys_too(app: App, client: FlaskClient, database: Database) -> None:
    enrol(client, Authenticator())
    have_staff(database, Role.ADMINISTRATOR, email="admin@contoh.test")
    admin = app.test_client()
    sign_in(admin, "admin@contoh.test")
    mine = another()
    send(admin, ENROLMENT, {"name": "Kunci", "credential": mine.make(options(admin, ENROLMENT))})
    with database.reading() as session:
        owner = session.scalars(select(Account.id).where(Account.email == CHAIR)).one()
    page = f"/registration/accounts/{owner}"
    assert "Atur ulang masuk dua langkah" in admin.get(page).text
    send(admin, f"{page}/second-factor/reset", {}, form=page)
    assert [decoded(one.credential_id) for one in kept(database)] == [mine.credential_id]
    assert client.get("/registration/session/renew").location.startswith("/registration/sign-in")
    assert sign_in(app.test_client(), CHAIR).location.startswith(ENROLMENT)
    assert changes(database)[-1] == "reset"


def test_recovery_codes_are_shown_once_though_the_form_comes_again(client: FlaskClient, database: Database) -> None:
    have_applicant(database, SITI)
    sign_in(client, SITI)
    prove(client)
    answer = Authenticator().make(options(client, NEW, f"{PASSKEYS}/challenge"))
    page = client.get(NEW).text
    form = {"name": "Telepon", "credential": answer}
    for name in ("csrf_token", "idempotency_key"):
        found = re.search(f'name="{name}" value="([^"]+)"', page)
        form[name] = found[1] if found else ""
    assert len(read_codes(client.post(NEW, data=form).text)) == 10
    send(client, "/registration/sign-out", {}, form="/registration/account")
    assert not read_codes(client.post(NEW, data=form).text)
