"""Agencies come, change and go."""

from collections.abc import Callable

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from services.certificate.agencies.commands import subscribing as commands
from services.certificate.agencies.commands.subscribing import AddAgency, Keys
from services.certificate.agencies.domain import Subscription, hash_feed_key
from services.certificate.agencies.models import Agency, FeedKey, Webhook
from shared.audit import AuditRow
from shared.database.unit import Database
from shared.errors import Invalid, NotFound
from shared.security.actor import SYSTEM

Subscribe = Callable[..., tuple[Agency, Keys]]


def add(database: Database, **given: str) -> tuple[Agency, Keys]:
    with database.unit_of_work() as session:
        return commands.add_agency(session, SYSTEM, AddAgency.model_validate({"name": "perpusnas", **given}))


def test_a_new_one_gets_all_its_keys(subscribe: Subscribe, database: Database) -> None:
    agency, keys = subscribe(url="https://hook.contoh.test/")
    assert agency.standing is Subscription.ACTIVE
    assert agency.broker_user == "agency-perpusnas"
    assert keys.feed_key.startswith("kompeten_feed_")
    assert keys.webhook_secret.startswith("whsec_")
    assert len(keys.broker_password) >= 32
    with database.reading() as session:
        assert session.scalars(select(FeedKey.hash)).all() == [hash_feed_key(keys.feed_key)]


def test_adding_it_again_gives_no_new_keys(subscribe: Subscribe, database: Database) -> None:
    subscribe(url="https://hook.contoh.test/")
    _, keys = add(database, contact="lain@contoh.test", webhook_url="https://baru.contoh.test/")
    assert not keys
    with database.reading() as session:
        (agency,) = session.scalars(select(Agency)).all()
        assert agency.contact == "lain@contoh.test"
        assert agency.webhook is not None
        assert agency.webhook.url == "https://baru.contoh.test/"


def test_a_webhook_can_come_later_and_go(subscribe: Subscribe, database: Database) -> None:
    subscribe()
    _, keys = add(database, webhook_url="https://hook.contoh.test/")
    assert keys == Keys(webhook_secret=keys.webhook_secret)
    assert keys.webhook_secret
    add(database, webhook_url="")
    with database.reading() as session:
        assert session.scalars(select(Webhook)).all() == []


def test_one_whose_making_was_interrupted_gets_all_keys_anew(database: Database, trial: None) -> None:
    """The first ones were never shown: the broker was away, say."""
    agency, first = add(database, webhook_url="https://hook.contoh.test/")
    assert agency.standing is Subscription.UNSETTLED
    _, second = add(database)
    assert second.feed_key not in ("", first.feed_key)
    assert second.webhook_secret not in ("", first.webhook_secret)
    assert second.broker_password
    with database.reading() as session:
        assert session.scalars(select(FeedKey.hash)).all() == [hash_feed_key(second.feed_key)]


def test_a_removed_one_can_come_back_with_other_keys(subscribe: Subscribe, database: Database) -> None:
    _, first = subscribe(url="https://hook.contoh.test/")
    for _ in range(2):
        with database.unit_of_work() as session:
            assert commands.remove_agency(session, SYSTEM, "perpusnas").standing is Subscription.REMOVED
    with pytest.raises(NotFound), database.unit_of_work() as session:
        commands.rotate_agency_keys(session, SYSTEM, "perpusnas", "x")
    agency, second = subscribe()
    assert agency.standing is Subscription.ACTIVE
    assert second.feed_key != first.feed_key
    assert not second.webhook_secret


def test_rotating_twice_keeps_the_key_the_agency_still_uses(subscribe: Subscribe, database: Database) -> None:
    """The first rotation's key may never have arrived."""
    _, first = subscribe()
    for _ in range(2):
        with database.unit_of_work() as session:
            commands.rotate_agency_keys(session, SYSTEM, "perpusnas", "x")
    with database.reading() as session:
        ends = {key.hash: key.ends_at for key in session.scalars(select(FeedKey))}
    assert len(ends) == 3
    assert ends[hash_feed_key(first.feed_key)] is not None
    assert list(ends.values()).count(None) == 1


@pytest.mark.parametrize("name", ["", "A", "Perpus", "per pus", "-x", "x-", "a" * 41, "x/y", "guest\n"])
def test_names_that_would_be_trouble_are_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        AddAgency(name=name + "!" if name.endswith("\n") else name, contact=None, webhook_url=None)


def test_unknown_ones_and_wrong_addresses_are_refused(database: Database, data_dir: object) -> None:
    with pytest.raises(NotFound), database.unit_of_work() as session:
        commands.remove_agency(session, SYSTEM, "nobody")
    with pytest.raises(Invalid):
        add(database, webhook_url="http://hook.contoh.test/")
    with database.reading() as session:
        assert session.scalars(select(Agency)).all() == []


def test_every_act_is_in_the_audit_log_without_a_key(subscribe: Subscribe, database: Database) -> None:
    _, keys = subscribe(url="https://hook.contoh.test/")
    with database.unit_of_work() as session:
        _, newer = commands.rotate_agency_keys(session, SYSTEM, "perpusnas", "sandi-contoh")
    with database.unit_of_work() as session:
        commands.remove_agency(session, SYSTEM, "perpusnas")
    with database.reading() as session:
        rows = session.scalars(select(AuditRow).order_by(AuditRow.position)).all()
    assert [row.action for row in rows] == ["agency:add", "agency:rotate", "agency:remove"]
    written = str([(row.before, row.after) for row in rows])
    for secret in (*_all(keys), *_all(newer), "perpusnas@contoh.test"):
        assert secret not in written


def _all(keys: Keys) -> list[str]:
    return [keys.feed_key, keys.webhook_secret, keys.broker_password]
