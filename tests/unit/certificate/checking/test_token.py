from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from shared.database.unit import Database
from tests.unit.certificate.checking.scene import Held, issue, outcome
from tests.unit.certificate.scene import Candidate, numbered
from tests.unit.certificate.web import API, committed, said

REGISTER = [("status", True), ("dates", True)]


@pytest.fixture
def held(database: Database, store: object, candidate: Candidate) -> Held:
    return issue(database, candidate)


def test_the_register_is_asked_for_status_and_dates_and_nothing_else_is_claimed(
    client: FlaskClient, held: Held
) -> None:
    assert outcome(client.get(f"{API}/check/{held.token}")) == ("valid", REGISTER)


def test_the_answer_is_kept_by_nobody(client: FlaskClient, held: Held) -> None:
    for path in (f"{API}/check/{held.token}", f"/certificate/check/{held.token}", "/certificate/check"):
        headers = client.get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Robots-Tag"] == "noindex, nofollow"
        assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("token", ["x", "a" * 26, "-" * 26, "a" * 100, "é" * 26, "%00", "A" * 26])
def test_an_unknown_token_is_answered_clearly(client: FlaskClient, token: str) -> None:
    response = client.get(f"{API}/check/{token}")
    assert response.status_code in (404, 422)
    assert response.content_type.startswith("application/problem+json")


def test_what_is_still_in_the_making_cannot_be_checked(
    client: FlaskClient, database: Database, candidate: Candidate
) -> None:
    certificate = committed(database, lambda session: numbered(session, candidate))
    assert client.get(f"{API}/check/{certificate.current.check_token}").status_code == 404


def test_after_the_last_day_the_check_says_expired_before_any_timer_does(
    client: FlaskClient, held: Held, on_day: Callable[[date], None]
) -> None:
    on_day(held.version.certificate.expires_on + timedelta(days=1))
    found = said(client.get(f"{API}/check/{held.token}"))
    assert (found["standing"], found["certificate"]["status"]) == ("expired", "expired")
    assert found["certificate"]["status_since"] == held.version.certificate.expires_on.isoformat()


def test_guessing_is_slowed_down(client: FlaskClient) -> None:
    statuses = [client.get(f"{API}/check/{'a' * 25}{'abcdefgh'[n % 8]}").status_code for n in range(70)]
    assert statuses[0] == 404
    assert statuses[-1] == 429


@pytest.mark.parametrize("write", [str, str.upper, lambda url: f"  {url}/ ", lambda url: url.rpartition("/")[2]])
def test_the_address_may_be_pasted(client: FlaskClient, held: Held, write: Callable[[str], str]) -> None:
    text = write(held.version.check_url).replace(
        "HTTP://127.0.0.1:8000/CERTIFICATE", "http://127.0.0.1:8000/certificate"
    )
    assert outcome(client.post(f"{API}/check/text", json={"text": text})) == ("valid", REGISTER)


def test_an_address_of_another_site_is_not_ours_whatever_token_it_ends_with(client: FlaskClient, held: Held) -> None:
    text = f"https://lsp-palsu.test/certificate/check/{held.token}"
    assert outcome(client.post(f"{API}/check/text", json={"text": text})) == ("not_genuine", [("status", False)])


@pytest.mark.parametrize("text", ["x", "http://elsewhere.test/x", "http://[", "a" * 20_000, "{", "#", "\u202e" * 50])
def test_what_is_no_address_at_all_is_told_so(client: FlaskClient, text: str) -> None:
    response = client.post(f"{API}/check/text", json={"text": text})
    assert response.status_code in (200, 422)
    if response.status_code == 200:
        assert said(response)["standing"] == "not_genuine"
