"""What an alarm listens for reaches the log through the doors people use, and names nobody."""

from collections import Counter

import pytest
from flask.testing import FlaskClient

from shared.database.unit import Database
from shared.settings import settings
from tests.unit.registration.browser import bearer, have_applicant
from tests.unit.registration.people import PASSWORD

API = "/registration/api"
EMAIL = "siti@contoh.test"


def heard(caplog: pytest.LogCaptureFixture) -> Counter[str]:
    return Counter(record.__dict__["security"]["event"] for record in caplog.records if _is_alarm(record.name))


def _is_alarm(name: str) -> bool:
    return name == "kompeten.security"


def test_failed_sign_ins_and_the_pause_after_them_are_logged_and_name_nobody(
    client: FlaskClient, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """This failure mode means that somebody guesses passwords all night and no alarm rings."""
    caplog.set_level("INFO")
    have_applicant(database)
    for _ in range(settings().login_tries + 2):
        client.post(f"{API}/tokens", json={"email": EMAIL, "password": "salah sekali"})
    told = heard(caplog)
    assert told["sign-in-failed"] == settings().login_tries
    assert told["sign-in-paused"] + told["account-paused"] >= 2
    lines = [record for record in caplog.records if _is_alarm(record.name)]
    assert all(EMAIL not in f"{record.getMessage()} {record.__dict__['security']}" for record in lines)
    assert all("salah" not in str(record.__dict__["security"]) for record in lines)


def test_a_refusal_is_logged_with_its_route(
    client: FlaskClient, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    have_applicant(database)
    head = bearer(client, EMAIL)
    assert client.get(f"{API}/accounts", headers=head).status_code == 403
    (line,) = [record.__dict__["security"] for record in caplog.records if _is_alarm(record.name)]
    assert (line["event"], line["route"], line["service"]) == ("refused", f"GET {API}/accounts", "registration")


def test_a_good_sign_in_rings_nothing(
    client: FlaskClient, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    have_applicant(database)
    assert client.post(f"{API}/tokens", json={"email": EMAIL, "password": PASSWORD}).status_code == 201
    assert heard(caplog) == Counter()
