import re
from contextlib import suppress

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from services.registration.commands.passwords import RequestReset
from services.registration.commands.sessions import Credentials, try_password
from services.registration.commands.tries import CROWD, Visitor
from services.registration.jobs import jobs
from services.registration.models import Account, BrowserSession
from services.registration.pages.cookies import check_local_path
from shared.clock import real_now
from shared.contracts.registration import PasswordResetRequested
from shared.database.unit import Database
from shared.errors import TooMany
from shared.security.allowances import open_allowances
from shared.security.roles import Role
from shared.security.tokens import verify_token
from shared.settings import settings
from tests.unit.registration.browser import cookie, have_applicant, have_staff, links_of, send, sign_in, token_of
from tests.unit.registration.people import PASSWORD, request_password_reset

SIGN_IN = "/registration/sign-in"


def test_a_person_signs_in_and_lands_on_the_own_work_list(client: FlaskClient, database: Database) -> None:
    have_applicant(database)
    assert sign_in(client, "siti@contoh.test").location == "/registration/applications"
    assert verify_token(token_of(client)).actor.email == "siti@contoh.test"
    assert client.get("/registration/account").status_code == 200


@pytest.mark.parametrize(
    ("role", "place"),
    [
        (Role.SECRETARIAT, "/registration/verification"),
        (Role.ASSESSOR, "/assessment/"),
        (Role.CHAIR, "/decision/"),
        (Role.HEAD_OF_STANDARDS, "/decision/"),
        (Role.AUDITOR, "/registration/audit"),
        (Role.ADMINISTRATOR, "/registration/accounts"),
        (Role.COMPLAINTS_OFFICER, "/decision/"),
    ],
)
def test_each_role_lands_on_its_own_work_list(client: FlaskClient, database: Database, role: Role, place: str) -> None:
    have_staff(database, role)
    assert sign_in(client, "staf@contoh.test").location == place
    assert client.get("/registration/").location == place


def test_the_cookies_are_out_of_reach_of_scripts_and_other_sites(client: FlaskClient, database: Database) -> None:
    have_applicant(database)
    cookies = {
        line.partition("=")[0]: line for line in sign_in(client, "siti@contoh.test").headers.getlist("Set-Cookie")
    }
    for name, path in (("kompeten_token", "/"), ("kompeten_session", "/registration")):
        assert "HttpOnly" in cookies[name]
        assert "SameSite=Lax" in cookies[name]
        assert f"Path={path}" in cookies[name]


def test_an_unknown_address_and_a_wrong_password_show_the_same_page(client: FlaskClient, database: Database) -> None:
    have_applicant(database)
    wrong = send(client, SIGN_IN, {"email": "siti@contoh.test", "password": "salah sekali"})
    unknown = send(client, SIGN_IN, {"email": "nobo@contoh.test", "password": "salah sekali"})
    assert wrong.status_code == unknown.status_code == 422
    own_key = r'name="idempotency_key" value="[^"]+"'
    assert re.sub(own_key, "", wrong.text.replace("siti@", "nobo@")) == re.sub(own_key, "", unknown.text)
    assert "salah sekali" not in wrong.text
    assert cookie(client, "kompeten_token") is None


def test_failed_tries_in_the_browser_are_counted(client: FlaskClient, database: Database) -> None:
    have_applicant(database)
    for _ in range(10):
        assert send(client, SIGN_IN, {"email": "siti@contoh.test", "password": "salah"}).status_code == 422
    assert send(client, SIGN_IN, {"email": "siti@contoh.test", "password": PASSWORD}).status_code == 429


def lock_out(database: Database, email: str = "siti@contoh.test") -> None:
    """What strangers on many networks do to an account, until the door is shut for new browsers; jobs are done then."""
    for number in range(2 * CROWD):
        with suppress(TooMany):
            for _ in range(settings().login_tries + 1):
                tried = try_password(database, Credentials(email=email, password="salah"), Visitor(f"net {number}"))
                assert not tried.fits
    jobs.run_due(database)


def test_a_known_browser_is_not_locked_out_by_strangers(client: FlaskClient, database: Database) -> None:
    """This failure mode means an officer locked out by 50 wrong logins of somebody else."""
    have_applicant(database)
    sign_in(client, "siti@contoh.test")
    send(client, "/registration/sign-out", {}, form="/registration/account")
    lock_out(database)
    assert sign_in(client, "siti@contoh.test").status_code == 303


def test_the_owner_is_told_once_and_gets_in_with_the_mailed_link(client: FlaskClient, database: Database) -> None:
    have_applicant(database)
    lock_out(database)
    open_allowances.cache_clear()  # a replica that knows nothing of it yet
    lock_out(database)
    (link,) = links_of(database)
    data = {"email": "siti@contoh.test", "password": PASSWORD}
    assert send(client, SIGN_IN, data).status_code == 429
    path = link.removeprefix(settings().public_url)
    assert client.get(path).status_code == 200, "a mail program that looks at the link uses nothing up"
    assert send(client, path, {}).location == SIGN_IN
    assert send(client, SIGN_IN, data).status_code == 303
    assert client.get(path).status_code == 409, "it works once"


def test_the_mailed_link_alone_opens_nothing(client: FlaskClient, database: Database) -> None:
    have_applicant(database)
    lock_out(database)
    (link,) = links_of(database)
    send(client, link.removeprefix(settings().public_url), {})
    assert cookie(client, "kompeten_token") is None
    assert send(client, SIGN_IN, {"email": "siti@contoh.test", "password": "salah"}).status_code == 422


def test_nobody_is_written_to_where_there_is_no_account(client: FlaskClient, database: Database) -> None:
    lock_out(database, "nobody@contoh.test")
    assert links_of(database) == []
    assert send(client, SIGN_IN, {"email": "nobody@contoh.test", "password": "salah"}).status_code == 429


def test_a_link_to_reset_the_password_lets_a_new_browser_in(client: FlaskClient, database: Database) -> None:
    have_applicant(database)
    lock_out(database)
    with database.unit_of_work() as session:
        request_password_reset(session, RequestReset(email="siti@contoh.test"))
    (link,) = links_of(database, PasswordResetRequested)
    path = link.removeprefix(settings().public_url)
    new = "lima kata acak yang baru"
    assert send(client, path, {"new": new, "key": link.partition("key=")[2]}).status_code == 303
    assert send(client, SIGN_IN, {"email": "siti@contoh.test", "password": new}).status_code == 303


def test_signing_in_leads_back_to_the_page_that_was_wanted(client: FlaskClient, database: Database) -> None:
    have_applicant(database)
    wanted = client.get("/registration/account/profile")
    assert wanted.location == "/registration/sign-in?next=%2Fregistration%2Faccount%2Fprofile"
    answer = send(client, wanted.location, {"email": "siti@contoh.test", "password": PASSWORD})
    assert answer.location == "/registration/account/profile"


@pytest.mark.parametrize(
    "evil", ["https://evil.test/", "//evil.test", "/\\evil.test", "javascript:alert(1)", "/a\r\nb"]
)
def test_signing_in_never_leads_to_another_site(client: FlaskClient, database: Database, evil: str) -> None:
    have_applicant(database)
    client.get(SIGN_IN)
    page = client.get(SIGN_IN, query_string={"next": evil})
    secret = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert secret
    data = {"email": "siti@contoh.test", "password": PASSWORD, "csrf_token": secret[1]}
    answer = client.post(SIGN_IN, query_string={"next": evil}, data=data)
    assert answer.location == "/registration/applications"


@given(st.text(max_size=30))
def test_a_path_that_is_kept_is_always_of_this_site(given: str) -> None:
    kept = check_local_path(given)
    assert kept is None or (kept == given and re.match(r"/(?![/\\])", kept) and "\\" not in kept and "\n" not in kept)


def test_signing_out_ends_the_session_and_takes_the_cookies(client: FlaskClient, database: Database) -> None:
    have_applicant(database)
    sign_in(client, "siti@contoh.test")
    secret = cookie(client, "kompeten_session", "/registration")
    assert secret
    assert send(client, "/registration/sign-out", {}, form="/registration/account").location == "/registration/"
    assert cookie(client, "kompeten_token") is None
    client.set_cookie("kompeten_session", secret, path="/registration")
    assert client.get("/registration/session/renew").location == SIGN_IN


def test_signing_out_needs_the_secret_of_the_form(client: FlaskClient, database: Database) -> None:
    have_applicant(database)
    sign_in(client, "siti@contoh.test")
    assert client.post("/registration/sign-out").status_code == 403


def test_an_expired_token_is_renewed_on_the_way(client: FlaskClient, database: Database) -> None:
    have_applicant(database)
    sign_in(client, "siti@contoh.test")
    csrf = verify_token(token_of(client)).csrf
    client.set_cookie("kompeten_token", "expired")
    first = client.get("/registration/account?lang=id")
    assert first.location.startswith("/registration/session/renew?next=")
    second = client.get(first.location)
    assert (second.status_code, second.location) == (303, "/registration/account?lang=id")
    assert verify_token(token_of(client)).csrf == csrf


def test_a_form_sent_with_an_expired_token_arrives_after_all(client: FlaskClient, database: Database) -> None:
    have_applicant(database)
    sign_in(client, "siti@contoh.test")
    csrf = verify_token(token_of(client)).csrf
    client.set_cookie("kompeten_token", "expired")
    data = {"name": "Siti Baru (contoh)", "language": "id", "csrf_token": csrf}
    address, way = "/registration/account/profile", []
    while (answer := client.post(address, data=data)).status_code == 307:  # as browsers do: with the body
        address = answer.location
        way.append(307)
    assert "Siti Baru (contoh)" in client.get(answer.location).text
    assert [*way, answer.status_code] == [307, 307, 303]


def test_a_script_renews_without_moving(client: FlaskClient, database: Database) -> None:
    have_applicant(database)
    sign_in(client, "siti@contoh.test")
    ask = {"Accept": "application/json"}
    assert client.post("/registration/session/renew", headers=ask).status_code == 204
    client.delete_cookie("kompeten_session", path="/registration")
    assert client.post("/registration/session/renew", headers=ask).status_code == 401


def test_a_renewed_token_has_the_roles_of_now(client: FlaskClient, database: Database) -> None:
    have_staff(database, Role.SECRETARIAT)
    sign_in(client, "staf@contoh.test")
    with database.unit_of_work() as session:
        session.scalars(select(Account)).one().roles = frozenset({Role.AUDITOR})
    client.get("/registration/session/renew")
    assert verify_token(token_of(client)).actor.roles == {Role.AUDITOR}


def test_an_expired_session_leads_to_sign_in_and_back(client: FlaskClient, database: Database) -> None:
    have_applicant(database)
    sign_in(client, "siti@contoh.test")
    with database.unit_of_work() as session:
        session.scalars(select(BrowserSession)).one().expires_at = real_now()
    answer = client.get("/registration/session/renew?next=/decision/")
    assert answer.location == "/registration/sign-in?next=%2Fdecision%2F"
    assert cookie(client, "kompeten_token") is None


def test_who_is_signed_in_is_not_asked_again(client: FlaskClient, database: Database) -> None:
    have_applicant(database)
    sign_in(client, "siti@contoh.test")
    assert client.get(SIGN_IN).location == "/registration/applications"
    client.delete_cookie("kompeten_token")
    assert client.get(SIGN_IN + "?next=/decision/").location == "/decision/"


def test_a_form_with_a_file_goes_through_the_renewal_too(client: FlaskClient, database: Database) -> None:
    have_applicant(database)
    sign_in(client, "siti@contoh.test")
    client.set_cookie("kompeten_token", "expired")
    answer = client.post(
        "/registration/session/renew?next=/registration/photo",
        data=bytes(900 * 1024),
        content_type="multipart/form-data; boundary=contoh",
    )
    assert answer.status_code == 307
