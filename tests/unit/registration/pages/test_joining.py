"""Opening an account and setting a forgotten password, by mailed links."""

from flask.testing import FlaskClient

from services.registration.jobs import jobs
from shared.contracts.registration import RegistrationRequested
from shared.database.unit import Database
from shared.security.roles import Role
from shared.security.tokens import verify_token
from tests.unit.registration.browser import have_applicant, links_of, send, sign_in, token_of
from tests.unit.registration.people import PASSWORD, told_link

SIGN_IN = "/registration/sign-in"


def test_somebody_registers_and_is_signed_in_by_the_mailed_link(client: FlaskClient, database: Database) -> None:
    data = {"name": "Siti Aminah (contoh)", "email": "siti@contoh.test", "language": "id"}
    assert send(client, "/registration/register", data).location == "/registration/register/mailed"
    assert "Kami mengirim surel" in client.get("/registration/register/mailed").text
    jobs.run_due(database)
    (link,) = links_of(database, RegistrationRequested)
    path = link.removeprefix("http://127.0.0.1:8000")
    shown = client.get(path)
    assert shown.headers["Referrer-Policy"] == "no-referrer"
    assert 'value="Siti Aminah (contoh)"' in shown.text
    key = path.partition("key=")[2]
    weak = send(client, "/registration/register/confirm", {"key": key, "name": "", "new": "pendek"}, form=path)
    assert (weak.status_code, "pendek" in weak.text, 'href="#f-new"' in weak.text) == (422, False, True)
    given = {"key": key, "name": "Siti Aminah (contoh)", "new": PASSWORD}
    assert send(client, "/registration/register/confirm", given, form=path).location == "/registration/applications"
    assert verify_token(token_of(client)).actor.roles == {Role.APPLICANT}
    assert "sudah dipakai" in client.get(path).text


def test_a_registration_that_does_not_fit_keeps_what_was_typed(client: FlaskClient) -> None:
    data = {"name": "Siti (contoh)", "email": "siti", "language": "id"}
    answer = send(client, "/registration/register", data)
    assert answer.status_code == 422
    assert 'value="Siti (contoh)"' in answer.text
    assert 'href="#f-email"' in answer.text


def test_a_forgotten_password_is_set_anew_by_the_mailed_link(client: FlaskClient, database: Database) -> None:
    have_applicant(database)
    known = send(client, "/registration/password/forgot", {"email": "siti@contoh.test"})
    unknown = send(client, "/registration/password/forgot", {"email": "nobody@contoh.test"})
    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    told = client.get(known.location).text
    assert "berlaku satu jam" in told
    assert "folder spam" in told
    jobs.run_due(database)
    with database.reading() as session:
        link = told_link(session).removeprefix("http://127.0.0.1:8000")
    key = link.partition("key=")[2]
    assert client.get(link).headers["Referrer-Policy"] == "no-referrer"
    new = {"key": key, "new": "lima kata acak yang baru"}
    assert send(client, "/registration/password/reset", new, form=link).location == SIGN_IN
    assert send(client, "/registration/password/reset", new, form=SIGN_IN).status_code == 409
    assert client.get(link).status_code == 409
    sign_in(client, "siti@contoh.test", "lima kata acak yang baru")
