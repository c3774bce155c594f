"""The feed: in batches, from a position or a moment, for who has a key."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from cloudevents.core.formats.json import JSONFormat
from flask.testing import FlaskClient

from services.certificate.agencies.commands import subscribing as commands
from services.certificate.agencies.commands.subscribing import Keys
from services.certificate.agencies.models import Agency
from services.certificate.agencies.webhooks import number_new_events
from shared import clock
from shared.clock import real_now
from shared.database.unit import Database
from shared.security.actor import SYSTEM
from shared.security.roles import Role
from shared.settings import settings
from tests.unit.certificate.agencies.scene import issued, suspended, told
from tests.unit.certificate.web import bearer, person

FEED = "/certificate/api/feed"
Subscribe = Callable[..., tuple[Agency, Keys]]
Happen = Callable[[int], list[str]]


@pytest.fixture
def ask(client: FlaskClient, subscribe: Subscribe) -> Callable[..., Any]:
    """Asks the feed as an agency."""
    _, keys = subscribe()

    def ask(query: str = "", key: str = keys.feed_key) -> Any:
        return client.get(FEED + query, headers={"Authorization": f"Bearer {key}"})

    return ask


def next_of(answer: Any) -> str:
    found = re.fullmatch(r'<http://127\.0\.0\.1:8000/certificate/api/feed(\?.*)>; rel="next"', answer.headers["Link"])
    assert found
    return found.group(1)


def ids(answer: Any) -> list[str]:
    return [event["id"] for event in answer.get_json(force=True)]


def test_a_reader_gets_everything_once_by_following_next(ask: Callable[..., Any], happen: Happen) -> None:
    wanted, got, query = happen(7), [], "?limit=3"
    for expected in (3, 3, 1, 0):
        answer = ask(query)
        assert answer.status_code == 200
        assert answer.content_type == "application/cloudevents-batch+json"
        assert len(ids(answer)) == expected
        got += ids(answer)
        query = next_of(answer)
    assert got == wanted
    more = happen(1)
    assert ids(ask(query)) == more


def test_each_event_has_its_position_and_is_a_cloud_event(ask: Callable[..., Any], happen: Happen) -> None:
    happen(2)
    first, second = ask().get_json(force=True)
    assert (first["position"], second["position"]) == (1, 2)
    assert first["specversion"] == "1.0"
    assert first["data"]["holder_name"] == "SITI CONTOH"


def test_only_the_types_asked_for_and_still_nothing_is_skipped(
    ask: Callable[..., Any], database: Database, happen: Happen
) -> None:
    told(database, issued())
    wanted = told(database, suspended())
    told(database, issued())
    number_new_events(database)
    answer = ask("?types=id.kompeten.public.certificate_suspended.v1&limit=10")
    assert ids(answer) == [wanted]
    assert next_of(answer).startswith("?after=3&")
    assert ask("?types=id.kompeten.public.nothing.v1").status_code == 422


def test_it_begins_at_a_moment(ask: Callable[..., Any], database: Database, happen: Happen) -> None:
    happen(2)
    clock.set_ahead(3600)
    try:
        after = happen(2)
    finally:
        clock.set_ahead(0)
    moment = (datetime.now(UTC) + timedelta(minutes=30)).isoformat()
    assert ids(ask(f"?since={quote(moment)}")) == after
    assert ids(ask("?since=2999-01-01T00:00:00Z")) == []
    assert next_of(ask("?since=2999-01-01T00:00:00Z")).startswith("?after=4&")
    assert ask("?since=2026-11-21T00:00:00").status_code == 422, "which midnight?"


@pytest.mark.parametrize("query", ["after=-1", "after=x", "limit=0", "limit=1001", "since=yesterday", "after=9e99"])
def test_what_does_not_fit_is_refused(ask: Callable[..., Any], query: str) -> None:
    answer = ask(f"?{query}")
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"


def test_beyond_the_end_it_leads_back_to_the_end(ask: Callable[..., Any], happen: Happen) -> None:
    happen(2)
    answer = ask("?after=900")
    assert ids(answer) == []
    assert next_of(answer).startswith("?after=2&")


def test_nobody_gets_in_without_a_key(client: FlaskClient, ask: Callable[..., Any], happen: Happen) -> None:
    happen(1)
    assert client.get(FEED).status_code == 401
    assert client.get(FEED, headers={"Authorization": "Basic x"}).status_code == 401
    assert client.get(FEED, headers=bearer(person(*Role))).status_code == 401, "an account is no agency"
    for key in ("kompeten_feed_wrong", "x", ""):
        assert ask(key=key).status_code == 401


def test_a_feed_key_opens_nothing_else(client: FlaskClient, subscribe: Subscribe) -> None:
    _, keys = subscribe()
    headers = {"Authorization": f"Bearer {keys.feed_key}"}
    for path in ("agencies", "certificates", "work", "mine", "check/x"):
        assert client.get(f"/certificate/api/{path}", headers=headers).status_code == 401


def test_after_a_rotation_both_keys_are_good_for_a_time(
    client: FlaskClient, subscribe: Subscribe, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, first = subscribe()
    with database.unit_of_work() as session:
        _, second = commands.rotate_agency_keys(session, SYSTEM, "perpusnas", "x")

    def status(key: str) -> int:
        return client.get(FEED, headers={"Authorization": f"Bearer {key}"}).status_code

    assert (status(first.feed_key), status(second.feed_key)) == (200, 200)
    later = real_now() + timedelta(days=settings().agency_grace_days, seconds=1)
    monkeypatch.setattr("services.certificate.agencies.queries.subscribers.real_now", lambda: later)
    assert (status(first.feed_key), status(second.feed_key)) == (401, 200)


def test_a_removed_agency_hears_nothing_more(client: FlaskClient, subscribe: Subscribe, database: Database) -> None:
    _, keys = subscribe()
    with database.unit_of_work() as session:
        commands.remove_agency(session, SYSTEM, "perpusnas")
    assert client.get(FEED, headers={"Authorization": f"Bearer {keys.feed_key}"}).status_code == 401


def test_who_asks_too_often_is_asked_to_wait(client: FlaskClient, ask: Callable[..., Any]) -> None:
    answers = [ask().status_code for _ in range(121)]
    assert answers.count(200) == 120
    assert answers[-1] == 429


def test_the_official_sdk_reads_the_batch(ask: Callable[..., Any], happen: Happen) -> None:
    wanted = happen(3)
    events = [JSONFormat().read(None, json.dumps(event)) for event in ask().get_json(force=True)]
    assert [event.get_id() for event in events] == wanted
    assert [event.get_extension("position") for event in events] == [1, 2, 3]
