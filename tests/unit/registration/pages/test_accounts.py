import re
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from services.registration.models import Account, SecondFactor
from shared.database.unit import Database
from shared.security.roles import Role
from tests.unit.registration.browser import have_applicant, have_staff, send, sign_in
from tests.unit.registration.people import PASSWORD, told

LIST = "/registration/accounts"


@pytest.fixture
def admin(client: FlaskClient, database: Database) -> FlaskClient:
    have_staff(database, Role.ADMINISTRATOR, email="admin@contoh.test")
    sign_in(client, "admin@contoh.test")
    return client


def test_the_list_shows_accounts_with_their_roles_in_words(admin: FlaskClient, database: Database) -> None:
    have_staff(database, Role.CHAIR, email="ketua@contoh.test")
    shown = admin.get(LIST, query_string={"role": "chair"}).text
    assert "ketua@contoh.test" in shown
    assert "Ketua LSP" in shown
    assert "admin@contoh.test" not in shown


def test_a_filter_that_does_not_fit_is_no_error(admin: FlaskClient) -> None:
    assert admin.get(LIST, query_string={"page": "x", "size": "9999", "sort": "nothing"}).status_code == 200


def test_a_new_account_is_invited_and_invited_again(admin: FlaskClient, database: Database) -> None:
    data = {
        "name": "Asesor (contoh)",
        "email": "asesor@contoh.test",
        "roles": ["assessor"],
        "nik": "3171014101850001",
        "language": "id",
    }
    answer = send(admin, f"{LIST}/new", data)
    assert answer.status_code == 303
    assert "Asesor (contoh)" in admin.get(answer.location).text
    assert send(admin, f"{answer.location}/invite", {}, form=answer.location).status_code == 303
    assert "sekali lagi" in admin.get(answer.location).text
    with database.reading() as session:
        assert len(told(session, "account_invited")) == 2


def test_a_new_account_that_does_not_fit_shows_what_to_mend(admin: FlaskClient) -> None:
    answer = send(admin, f"{LIST}/new", {"name": "Asesor (contoh)", "email": "asesor", "roles": ["assessor"]})
    assert answer.status_code == 422
    assert 'value="Asesor (contoh)"' in answer.text


def test_roles_are_changed_on_the_page(admin: FlaskClient, database: Database) -> None:
    account = have_staff(database, Role.ASSESSOR)
    begun_with = re.search(r'name="version" value="(\d+)"', admin.get(f"{LIST}/{account}").text)
    assert begun_with
    data = {"roles": ["assessor", "secretariat"], "version": begun_with[1]}
    assert send(admin, f"{LIST}/{account}", data).status_code == 303
    assert send(admin, f"{LIST}/{account}", data).status_code == 409


def test_an_account_is_deactivated_and_reactivated_on_the_page(admin: FlaskClient, database: Database) -> None:
    account = have_staff(database, Role.ASSESSOR)
    page = f"{LIST}/{account}"
    assert send(admin, f"{page}/deactivate", {}, form=page).status_code == 303
    assert "Aktifkan kembali" in admin.get(page).text
    assert send(admin, f"{page}/reactivate", {"version": "99"}, form=page).status_code == 303
    assert "baru saja diubah" in admin.get(page).text
    with database.reading() as session:
        version = session.get_one(Account, account).version
    assert send(admin, f"{page}/reactivate", {"version": str(version)}, form=page).status_code == 303
    assert "Nonaktifkan akun" in admin.get(page).text


def test_the_last_administrator_is_told_why_not(admin: FlaskClient, database: Database) -> None:
    with database.reading() as session:
        (own,) = told(session, "account_opened")
    page = f"{LIST}/{own['account_id']}"
    assert send(admin, f"{page}/deactivate", {}, form=page).status_code == 303
    assert "administrator terakhir yang dapat masuk" in admin.get(page).text


def test_an_unknown_account_is_not_found(admin: FlaskClient) -> None:
    assert admin.get(f"{LIST}/{uuid4()}").status_code == 404


def test_the_own_account_is_shown_and_changed(client: FlaskClient, database: Database) -> None:
    have_applicant(database)
    sign_in(client, "siti@contoh.test")
    assert "siti@contoh.test" in client.get("/registration/account").text
    profile = {"name": "Siti Baru (contoh)", "language": "en"}
    assert send(client, "/registration/account/profile", profile).status_code == 303
    shown = client.get("/registration/account").text
    assert "Siti Baru (contoh)" in shown
    assert '<html lang="en">' in shown


def test_the_own_password_is_changed_and_other_browsers_are_signed_out(client: FlaskClient, database: Database) -> None:
    have_applicant(database)
    other = client.application.test_client()
    for browser in (client, other):
        sign_in(browser, "siti@contoh.test")
    change = {"current": PASSWORD, "new": "lima kata acak yang baru"}
    assert send(client, "/registration/account/password", change).status_code == 303
    assert client.get("/registration/session/renew").location == "/registration/applications"
    assert other.get("/registration/session/renew").location == "/registration/sign-in"


def test_other_browsers_are_signed_out_on_demand(client: FlaskClient, database: Database) -> None:
    have_applicant(database)
    other = client.application.test_client()
    for browser in (client, other):
        sign_in(browser, "siti@contoh.test")
    send(client, "/registration/account/sessions/end", {}, form="/registration/account")
    assert "1 peramban lain" in client.get("/registration/account").text
    assert other.get("/registration/session/renew").location == "/registration/sign-in"


def test_who_has_not_made_a_password_is_told_from_others_in_the_list(admin: FlaskClient, database: Database) -> None:
    have_staff(database, Role.CHAIR, email="ketua@contoh.test")
    assert "Belum membuat kata sandi" not in admin.get(LIST).text
    with database.unit_of_work() as session:
        session.scalars(select(Account).where(Account.email == "ketua@contoh.test")).one().password_hash = None
    assert "Belum membuat kata sandi" in admin.get(LIST).text


def test_ones_own_second_factor_is_not_reset_here(admin: FlaskClient, database: Database) -> None:
    other = have_staff(database, Role.ASSESSOR)
    with database.unit_of_work() as session:
        accounts = session.scalars(select(Account)).all()
        for account in accounts:
            session.add(SecondFactor(account_id=account.id, secret="A" * 32, last_step=None))
        own = next(account.id for account in accounts if account.email == "admin@contoh.test")
    page = admin.get(f"{LIST}/{own}").text
    assert "second-factor/reset" not in page
    assert 'href="/registration/account/second-factor"' in page
    assert "second-factor/reset" in admin.get(f"{LIST}/{other}").text


def test_without_scripts_a_box_asks_before_an_account_is_deactivated(admin: FlaskClient, database: Database) -> None:
    page = admin.get(f"{LIST}/{have_staff(database, Role.ASSESSOR)}").text
    form = page[page.index("/deactivate") :]
    asked = form[form.index("<noscript>") : form.index("</noscript>")]
    assert 'type="checkbox" required' in asked
    assert "Nonaktifkan akun ini?" in asked
    assert "</noscript>" in form[: form.index("</form>")]
