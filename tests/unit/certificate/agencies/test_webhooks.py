"""Webhooks, sent to a real server that behaves well, badly, or not at all."""

import json
import socket
import ssl
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from services.certificate.agencies.commands import delivering as turns
from services.certificate.agencies.commands import subscribing as commands
from services.certificate.agencies.commands.subscribing import Keys, Replay
from services.certificate.agencies.domain import WebhookState
from services.certificate.agencies.models import Agency, Delivery, Webhook
from services.certificate.agencies.queries import feed
from services.certificate.agencies.timers import tell_agencies
from services.certificate.agencies.webhooks import ANSWER_BYTES, Postman, take_turn
from shared.clock import real_now
from shared.database.unit import Database
from shared.errors import Conflict, Invalid
from shared.messaging.models import OutboxRow
from shared.security.actor import SYSTEM
from shared.settings import settings
from tests import node
from tests.clock import stopped_at
from tests.unit.certificate.agencies.receiver import Answer, Receiver
from tests.unit.certificate.agencies.tls import self_signed

Subscribe = Callable[..., tuple[Agency, Keys]]
Happen = Callable[[int], list[str]]


def webhook_of(database: Database, agency: Agency) -> Webhook:
    with database.reading() as session:
        return session.get_one(Webhook, agency.id)


def log_of(database: Database, agency: Agency) -> list[Delivery]:
    with database.reading() as session:
        return list(session.scalars(select(Delivery).where(Delivery.agency_id == agency.id).order_by(Delivery.id)))


def change(database: Database, agency: Agency, **values: Any) -> None:
    with database.unit_of_work() as session:
        session.execute(update(Webhook).where(Webhook.agency_id == agency.id).values(**values))


def at_once(database: Database, agency: Agency) -> None:
    """Its turn, as if the pause were over."""
    change(database, agency, next_try_at=real_now() - timedelta(seconds=1))
    take_turn(database, agency.id)


def test_events_come_in_order_signed_and_once(
    database: Database, receiver: Receiver, subscribe: Subscribe, happen: Happen
) -> None:
    agency, keys = subscribe(url=receiver.url)
    ids = happen(120)
    take_turn(database, agency.id)
    assert receiver.ids == ids
    first = receiver.requests[0]
    said = first.verified(keys.webhook_secret)
    assert (said["id"], said["type"], said["position"]) == (ids[0], "id.kompeten.public.certificate_issued.v1", 1)
    assert first.headers["content-type"] == "application/cloudevents+json"
    assert first.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert first.path == "/hook?from=contoh"
    assert "correlation" not in first.headers


def test_the_official_library_for_javascript_verifies_it_too(
    database: Database, receiver: Receiver, subscribe: Subscribe, happen: Happen
) -> None:
    agency, keys = subscribe(url=receiver.url)
    ids = happen(1)
    take_turn(database, agency.id)
    (request,) = receiver.requests
    body = request.body.decode()
    given = {"secret": keys.webhook_secret, "headers": request.headers, "body": body}
    script = Path(node.__file__).parent / "webhook.mjs"
    event = node.run(script, given=json.dumps(given))
    assert (event["id"], event["position"], event["data"]["holder_name"]) == (ids[0], 1, "SITI CONTOH")
    with pytest.raises(AssertionError, match="No matching signature"):
        node.run(script, given=json.dumps({**given, "body": body.replace("SITI", "BUDI")}))


def test_what_was_told_before_it_subscribed_is_not_sent(
    database: Database, receiver: Receiver, subscribe: Subscribe, happen: Happen
) -> None:
    happen(2)
    agency, _ = subscribe(url=receiver.url)
    new = happen(1)
    take_turn(database, agency.id)
    assert receiver.ids == new


def test_an_event_that_is_not_taken_holds_the_later_ones_back(
    database: Database, receiver: Receiver, subscribe: Subscribe, happen: Happen
) -> None:
    receiver.answer = lambda before: Answer(500 if before in (1, 2) else 200)
    agency, _ = subscribe(url=receiver.url)
    first, second, third = happen(3)
    take_turn(database, agency.id)
    webhook = webhook_of(database, agency)
    assert (webhook.position, webhook.tries, webhook.error) == (1, 1, "HTTP 500")
    assert webhook.failing_since is not None
    at_once(database, agency)
    at_once(database, agency)
    assert receiver.ids == [first, second, second, second, third]
    assert [try_.number for try_ in log_of(database, agency)] == [1, 1, 2, 3, 1]
    assert webhook_of(database, agency).failing_since is None


def test_before_the_pause_is_over_nothing_is_sent(
    database: Database, receiver: Receiver, subscribe: Subscribe, happen: Happen
) -> None:
    receiver.answer = lambda _: Answer(503, {"Retry-After": "120"})
    agency, _ = subscribe(url=receiver.url)
    happen(1)
    with stopped_at(real_now()):
        take_turn(database, agency.id)
        with database.reading() as session:
            assert turns.list_due_webhooks(session) == []
        take_turn(database, agency.id)
        assert len(receiver.requests) == 1
        pause = webhook_of(database, agency).next_try_at - real_now()
    assert pause == timedelta(seconds=120), "the agency asked for two minutes"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(
    database: Database, receiver: Receiver, subscribe: Subscribe, happen: Happen, status: int
) -> None:
    with Receiver() as elsewhere:
        receiver.answer = lambda _: Answer(status, {"Location": elsewhere.url})
        agency, _ = subscribe(url=receiver.url)
        happen(1)
        take_turn(database, agency.id)
        assert elsewhere.requests == []
    assert webhook_of(database, agency).position == 0


@pytest.mark.parametrize(
    "answer",
    [Answer(200, wait=20), Answer(200, body=b"x" * 100, drip=0.2)],
    ids=["says nothing", "speaks one byte at a time"],
)
def test_a_slow_answer_is_cut_off(
    database: Database, receiver: Receiver, subscribe: Subscribe, happen: Happen, answer: Answer
) -> None:
    receiver.answer = lambda _: answer
    agency, _ = subscribe(url=receiver.url)
    happen(1)
    take_turn(database, agency.id)
    assert receiver.finished == 0, "it was waited for"
    (tried,) = log_of(database, agency)
    assert tried.status is None
    assert "Timeout" in tried.error


def test_no_more_than_a_little_of_the_answer_is_read(
    database: Database, receiver: Receiver, subscribe: Subscribe, happen: Happen
) -> None:
    receiver.answer = lambda _: Answer(200, body=b"x" * (ANSWER_BYTES * 1000))
    agency, _ = subscribe(url=receiver.url)
    ids = happen(2)
    take_turn(database, agency.id)
    assert receiver.ids == ids


def test_nobody_there_is_an_outcome_like_any_other(database: Database, subscribe: Subscribe, happen: Happen) -> None:
    with Receiver() as closed:
        url = closed.url
    agency, _ = subscribe(url=url)
    happen(1)
    take_turn(database, agency.id)
    assert "ConnectError" in log_of(database, agency)[0].error
    assert webhook_of(database, agency).tries == 1


def test_the_official_client_reads_over_tls(
    database: Database, subscribe: Subscribe, happen: Happen, tls: ssl.SSLContext
) -> None:
    with Receiver(tls=tls) as receiver:
        agency, keys = subscribe(url=receiver.url)
        (event,) = happen(1)
        take_turn(database, agency.id)
    assert [request.verified(keys.webhook_secret)["id"] for request in receiver.requests] == [event]


def test_a_certificate_that_nobody_vouches_for_is_refused(
    database: Database, subscribe: Subscribe, happen: Happen, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with Receiver(tls=tls) as receiver:
        agency, _ = subscribe(url=receiver.url)
        happen(1)
        take_turn(database, agency.id)
        assert receiver.requests == []
    assert "certificate verify failed" in webhook_of(database, agency).error


def test_outside_a_trial_nothing_goes_to_our_own_network(
    database: Database, receiver: Receiver, subscribe: Subscribe, happen: Happen, monkeypatch: pytest.MonkeyPatch
) -> None:
    agency, _ = subscribe(url=receiver.url.replace("127.0.0.1", "localhost"))
    happen(1)
    monkeypatch.setenv("KOMPETEN_TRIAL", "false")
    settings.cache_clear()
    take_turn(database, agency.id)
    assert receiver.requests == []
    assert "is not a public address" in log_of(database, agency)[0].error


def test_the_connection_goes_to_the_address_that_was_checked(
    database: Database, receiver: Receiver, subscribe: Subscribe, happen: Happen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that answers differently the second time (DNS rebinding) gets no second time."""
    asked: list[str] = []
    really = socket.getaddrinfo

    def resolve(host: str, port: int, *rest: Any, **options: Any) -> list[Any]:
        if host != "hook.contoh.test":
            return list(really(host, port, *rest, **options))
        asked.append(host)
        return [(2, 1, 6, "", ("127.0.0.1" if len(asked) == 1 else "127.9.9.9", port))]

    agency, _ = subscribe(url=f"http://hook.contoh.test:{receiver.port}/")
    happen(1)
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    take_turn(database, agency.id)
    assert asked == ["hook.contoh.test"]
    assert receiver.requests[0].headers["host"] == f"hook.contoh.test:{receiver.port}"


def test_it_is_switched_off_after_failing_for_days_and_told(
    database: Database, receiver: Receiver, subscribe: Subscribe, happen: Happen
) -> None:
    receiver.answer = lambda _: Answer(500)
    agency, _ = subscribe(url=receiver.url)
    happen(1)
    take_turn(database, agency.id)
    change(database, agency, failing_since=real_now() - timedelta(days=4.9))
    at_once(database, agency)
    assert webhook_of(database, agency).state is WebhookState.ON
    change(database, agency, failing_since=real_now() - timedelta(days=5.1))
    at_once(database, agency)
    assert webhook_of(database, agency).state is WebhookState.OFF
    at_once(database, agency)
    assert len(receiver.requests) == 3
    with database.reading() as session:
        envelopes = session.scalars(select(OutboxRow.envelope).where(OutboxRow.type.contains("webhook_stopped"))).all()
    (fact,) = [json.loads(envelope)["data"] for envelope in envelopes]
    assert (fact["name"], fact["contact"], fact["error"]) == ("perpusnas", "perpusnas@contoh.test", "HTTP 500")


def test_an_address_that_says_it_is_gone_is_switched_off_at_once(
    database: Database, receiver: Receiver, subscribe: Subscribe, happen: Happen
) -> None:
    receiver.answer = lambda _: Answer(410)
    agency, _ = subscribe(url=receiver.url)
    happen(1)
    take_turn(database, agency.id)
    assert webhook_of(database, agency).state is WebhookState.OFF


def test_switched_on_again_it_goes_on_where_it_stopped(
    database: Database, receiver: Receiver, subscribe: Subscribe, happen: Happen
) -> None:
    receiver.answer = lambda before: Answer(410 if before == 1 else 200)
    agency, _ = subscribe(url=receiver.url)
    first, second, third = happen(3)
    take_turn(database, agency.id)
    with database.unit_of_work() as session:
        commands.enable_webhook(session, SYSTEM, agency.id)
    take_turn(database, agency.id)
    assert receiver.ids == [first, second, second, third]
    with pytest.raises(Conflict), database.unit_of_work() as session:
        commands.enable_webhook(session, SYSTEM, agency.id)


def test_it_is_told_again_from_a_position_or_a_moment(
    database: Database, receiver: Receiver, subscribe: Subscribe, happen: Happen
) -> None:
    agency, _ = subscribe(url=receiver.url)
    before = happen(2)
    moment = real_now()
    after = happen(2)
    take_turn(database, agency.id)
    for asked, expected in (
        (Replay(after=3), after[1:]),
        (Replay(since=moment), after),
        (Replay(after=0), before + after),
    ):
        receiver.requests.clear()
        with database.unit_of_work() as session:
            commands.replay_events(session, SYSTEM, agency.id, asked)
        take_turn(database, agency.id)
        assert receiver.ids == expected
    for wrong in (Replay(), Replay(after=1, since=moment)):
        with pytest.raises(Invalid), database.unit_of_work() as session:
            commands.replay_events(session, SYSTEM, agency.id, wrong)


def test_only_the_newest_tries_are_kept(
    database: Database, receiver: Receiver, subscribe: Subscribe, happen: Happen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOMPETEN_WEBHOOK_LOG", "5")
    settings.cache_clear()
    agency, _ = subscribe(url=receiver.url)
    happen(12)
    take_turn(database, agency.id)
    assert [tried.position for tried in log_of(database, agency)] == [8, 9, 10, 11, 12]


def test_nobody_sends_while_another_does(
    database: Database, receiver: Receiver, subscribe: Subscribe, happen: Happen
) -> None:
    agency, _ = subscribe(url=receiver.url)
    happen(1)
    with database.unit_of_work() as session:
        assert turns.claim_turn(session, agency.id) is not None
    take_turn(database, agency.id)
    assert receiver.requests == []
    change(database, agency, lease_until=real_now() - timedelta(seconds=1))
    take_turn(database, agency.id)
    assert len(receiver.requests) == 1, "who took the turn has died: it is free again"


def test_a_turn_that_was_taken_over_changes_nothing_more(
    database: Database, receiver: Receiver, subscribe: Subscribe, happen: Happen
) -> None:
    agency, _ = subscribe(url=receiver.url)
    happen(2)
    with database.unit_of_work() as session:
        stale = turns.claim_turn(session, agency.id)
    assert stale is not None
    change(database, agency, lease_until=real_now() - timedelta(seconds=1))
    take_turn(database, agency.id)
    with database.unit_of_work() as session:
        event = feed.list_public_events(session, 0, 1).events[0]
        assert not turns.note_delivery(session, stale, event, turns.Outcome(5, 500))
    webhook = webhook_of(database, agency)
    assert (webhook.position, webhook.tries) == (2, 0)


def test_a_slow_agency_holds_no_other_up(
    database: Database, receiver: Receiver, subscribe: Subscribe, happen: Happen, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = threading.Event()
    receiver.answer = lambda _: Answer(200 if everything.wait(20) else 503)
    monkeypatch.setenv("KOMPETEN_WEBHOOK_TIMEOUT_SECONDS", "30")
    settings.cache_clear()
    with Receiver() as quick:

        def answer(before: int) -> Answer:
            if before == 4:
                everything.set()
            return Answer(200)

        quick.answer = answer
        slow, _ = subscribe("lambat", receiver.url)
        subscribe("cepat", quick.url)
        ids = happen(5)
        postman = Postman(database)
        begun = postman.round()
        assert postman.round() == [], "both turns are taken"
        for thread in begun:
            thread.join(60)
        assert quick.ids == ids
        assert webhook_of(database, slow).position == 5, "it answers once the quick one has everything"


def test_a_restored_system_calls_no_webhook_until_it_may_be_heard(
    database: Database, receiver: Receiver, subscribe: Subscribe, happen: Happen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This failure mode means that agencies are told last week's certificates by a copy that somebody looks at."""
    monkeypatch.setenv("KOMPETEN_QUIET", "true")
    settings.cache_clear()
    agency, _ = subscribe(url=receiver.url)
    ids = happen(2)
    tell_agencies(database)
    assert receiver.ids == []
    assert webhook_of(database, agency).tries == 0
    with database.reading() as session:
        assert len(feed.list_public_events(session, 0, 10).events) == 2
    monkeypatch.delenv("KOMPETEN_QUIET")
    settings.cache_clear()
    both = threading.Event()

    def answer(before: int) -> Answer:
        if before == 1:
            both.set()
        return Answer()

    receiver.answer = answer
    tell_agencies(database)
    assert both.wait(30)
    assert receiver.ids == ids


def test_a_secret_is_stored_encrypted(database: Database, receiver: Receiver, subscribe: Subscribe) -> None:
    _, keys = subscribe(url=receiver.url)
    with database.engine.connect() as connection:
        (row,) = connection.exec_driver_sql("SELECT secret FROM agency_webhook").all()
    assert keys.webhook_secret.removeprefix("whsec_") not in str(row)


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's certificate for this machine, vouched for by itself, which this process is told to believe."""
    file = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
