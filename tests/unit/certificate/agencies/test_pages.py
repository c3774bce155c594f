"""What everybody reads about subscribing, and what the administrator sees and does."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from jsonschema_rs import Draft202012Validator

from services.certificate.agencies.commands.subscribing import Keys
from services.certificate.agencies.models import Agency
from services.certificate.agencies.webhooks import take_turn
from shared.contracts.agencies import example_of_fact, public_facts
from shared.contracts.envelope import Fact
from shared.database.unit import Database
from shared.security.roles import Role
from tests.unit.certificate.agencies.receiver import Answer, Receiver
from tests.unit.certificate.web import bearer, person, sign_in

Subscribe = Callable[..., tuple[Agency, Keys]]
Happen = Callable[[int], list[str]]
API = "/certificate/api/agencies"


@pytest.fixture
def stopped(database: Database, receiver: Receiver, subscribe: Subscribe, happen: Happen) -> Agency:
    """An agency whose webhook has gone."""
    receiver.answer = lambda before: Answer(410 if before == 0 else 200)
    agency, _ = subscribe(url=receiver.url)
    happen(3)
    take_turn(database, agency.id)
    return agency


@pytest.mark.parametrize("language", ["id", "en"])
def test_everybody_reads_how_to_subscribe(client: FlaskClient, language: str) -> None:
    page = client.get(f"/certificate/events?lang={language}")
    assert page.status_code == 200
    for fact in public_facts():
        assert fact.type in page.text
    assert ("How to begin" in page.text) is (language == "en")
    assert "kompeten.public.stream" in page.text
    assert "/certificate/api/feed" in page.text


def test_programs_read_the_same(client: FlaskClient) -> None:
    document = client.get("/certificate/events/asyncapi.json").get_json()
    assert document["asyncapi"] == "3.0.0"
    assert document["servers"]["web"]["host"] == "127.0.0.1:8000"
    assert "broker" not in document["servers"], "this one has no broker for outsiders"


@pytest.mark.parametrize("fact", public_facts(), ids=lambda fact: fact.type)
def test_each_type_has_its_schema_at_an_address_of_its_own(client: FlaskClient, fact: type[Fact]) -> None:
    schema = client.get(f"/certificate/events/schemas/{fact.type}.json").get_json()
    assert schema["$id"].endswith(f"/certificate/events/schemas/{fact.type}.json")
    Draft202012Validator(schema, validate_formats=True).validate(example_of_fact(fact))


def test_events_between_the_services_are_nobody_elses_business(client: FlaskClient) -> None:
    for name in ("id.kompeten.certificate.certificate_issued.v1", "x", "../asyncapi"):
        assert client.get(f"/certificate/events/schemas/{name}.json").status_code == 404


def test_the_administrator_sees_who_subscribes_and_how_it_goes(client: FlaskClient, stopped: Agency) -> None:
    sign_in(client, person(Role.ADMINISTRATOR))
    listed = client.get("/certificate/agencies")
    assert "perpusnas" in listed.text
    assert "Webhook dihentikan" in listed.text
    shown = client.get(f"/certificate/agencies/{stopped.id}")
    assert "perpusnas@contoh.test" in shown.text
    assert "HTTP 410" in shown.text
    assert "certificate_issued.v1" in shown.text
    assert "Aktifkan kembali" in shown.text


def test_officers_see_on_their_work_list_that_a_webhook_stopped(client: FlaskClient, stopped: Agency) -> None:
    sign_in(client, person(Role.CHAIR))
    work = client.get("/certificate/")
    assert "perpusnas" in work.text
    assert f"/certificate/agencies/{stopped.id}" in work.text
    assert "Aktifkan kembali" not in client.get(f"/certificate/agencies/{stopped.id}").text


def test_the_administrator_switches_it_on_again(
    client: FlaskClient, stopped: Agency, database: Database, receiver: Receiver
) -> None:
    csrf = sign_in(client, person(Role.ADMINISTRATOR))
    for told in ("Webhook diaktifkan", "sudah aktif"):
        done = client.post(
            f"/certificate/agencies/{stopped.id}/enable", data={"csrf_token": csrf}, follow_redirects=True
        )
        assert told in done.text
    take_turn(database, stopped.id)
    assert len(receiver.requests) == 4


def test_the_administrator_has_events_sent_again(
    client: FlaskClient, database: Database, receiver: Receiver, subscribe: Subscribe, happen: Happen
) -> None:
    agency, _ = subscribe(url=receiver.url)
    ids = happen(3)
    take_turn(database, agency.id)
    csrf = sign_in(client, person(Role.ADMINISTRATOR))
    address = f"/certificate/agencies/{agency.id}/replay"
    assert client.post(address, data={"csrf_token": csrf}).status_code == 422
    assert client.post(address, data={"csrf_token": csrf, "after": "-1"}).status_code == 422
    done = client.post(address, data={"csrf_token": csrf, "after": "1"}, follow_redirects=True)
    assert "dikirim ulang" in done.text
    take_turn(database, agency.id)
    assert receiver.ids == [*ids, *ids[1:]]
    client.post(address, data={"csrf_token": csrf, "since": "2026-11-01"})
    take_turn(database, agency.id)
    assert receiver.ids == [*ids, *ids[1:], *ids]


def test_programs_do_the_same(
    client: FlaskClient, database: Database, receiver: Receiver, subscribe: Subscribe, happen: Happen
) -> None:
    agency, _ = subscribe(url=receiver.url)
    happen(2)
    take_turn(database, agency.id)
    headers = bearer(person(Role.ADMINISTRATOR))
    (listed,) = client.get(API, headers=headers).get_json()["items"]
    assert (listed["name"], listed["webhook"]["position"], listed["webhook"]["waiting"]) == ("perpusnas", 2, 0)
    log = client.get(f"{API}/{agency.id}/deliveries", headers=headers).get_json()
    assert [(tried["position"], tried["status"]) for tried in log["items"]] == [(2, 204), (1, 204)]
    replayed = client.post(f"{API}/{agency.id}/replay", json={"after": 0}, headers=headers)
    assert replayed.get_json()["webhook"]["waiting"] == 2
    assert client.post(f"{API}/{agency.id}/enable", headers=headers).status_code == 409
    assert client.get(f"{API}/{agency.id}", headers=headers).get_json()["webhook"]["position"] == 0


def test_no_key_is_ever_shown_again(client: FlaskClient, receiver: Receiver, subscribe: Subscribe) -> None:
    agency, keys = subscribe(url=receiver.url)
    headers = bearer(person(Role.ADMINISTRATOR))
    said = client.get(f"{API}/{agency.id}", headers=headers).text
    for secret in (keys.feed_key, keys.webhook_secret, keys.broker_password, "secret", "hash"):
        assert secret not in said


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_nobody_else_changes_anything(client: FlaskClient, subscribe: Subscribe, role: Role) -> None:
    agency, _ = subscribe(url="https://hook.contoh.test/")
    for act in ("replay", "enable"):
        assert (
            client.post(f"{API}/{agency.id}/{act}", json={"after": 0}, headers=bearer(person(role))).status_code == 403
        )
