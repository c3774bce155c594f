from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from shared import clock
from shared.security.roles import Role
from tests.unit.registration.api.walk import API, Person
from tests.unit.registration.files import SCHEME, actor

DAY = clock.today()
BODY = {
    "title": "Periode contoh",
    "place": "Jakarta",
    "opens_on": DAY.isoformat(),
    "closes_on": (DAY + timedelta(days=10)).isoformat(),
    "quotas": {SCHEME: 5},
}


def test_an_announced_period_is_seen_by_anybody(client: FlaskClient, desk: Person) -> None:
    made = desk.post("/periods", BODY, 201)
    (shown,) = client.get(f"{API}/periods?open=true").get_json()
    assert shown["id"] == made["id"]
    assert shown["open"]
    assert shown["quotas"] == [{"scheme_id": SCHEME, "title": "Layanan Dasar Perpustakaan", "quota": 5, "left": 5}]


def test_a_period_to_come_is_announced_but_not_open(client: FlaskClient, desk: Person) -> None:
    desk.post("/periods", BODY | {"opens_on": (DAY + timedelta(days=1)).isoformat()}, 201)
    assert client.get(f"{API}/periods?open=true").get_json() == []
    assert [period["open"] for period in client.get(f"{API}/periods").get_json()] == [False]


def test_a_period_is_changed(desk: Person) -> None:
    made = desk.post("/periods", BODY, 201)
    changed = desk.put(f"/periods/{made['id']}", BODY | {"quotas": {SCHEME: 9}})
    assert changed["quotas"][0]["quota"] == 9
    assert changed["version"] == made["version"] + 1


@pytest.mark.parametrize(
    ("change", "field"), [({"quotas": {SCHEME: "banyak"}}, f"quotas.{SCHEME}"), ({"opens_on": "besok"}, "opens_on")]
)
def test_a_period_that_cannot_be_read_names_the_field(desk: Person, change: dict[str, object], field: str) -> None:
    refused = desk.post("/periods", BODY | change, 422)
    assert [error["field"] for error in refused["errors"]] == [field]


def test_a_scheme_is_shown_with_its_units(client: FlaskClient) -> None:
    shown = client.get(f"{API}/schemes/pengatalogan-deskriptif").get_json()
    assert "R.91PRP02.021.1" in [unit["code"] for unit in shown["units"]]
    assert client.get(f"{API}/schemes/pengatalogan-deskriptif?version=1999.1").status_code == 404


def test_the_clock_of_a_system_that_is_no_trial_stays(client: FlaskClient) -> None:
    admin = Person(client, actor(Role.ADMINISTRATOR))
    assert admin.post("/trial/clock", {"days": 1}, 403)["code"] == "not-a-trial"
    admin.post("/trial/clock", {"days": 1, "offset_seconds": 3}, 422)
    admin.post("/trial/clock", {}, 422)
