"""Batches of the register under time stamps of a real authority, and the proofs drawn from them."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from services.certificate.trust import queries as trust
from services.certificate.trust.commands import timestamping
from services.certificate.trust.models import StampedHead, Timestamp
from services.certificate.trust.stamped import verify_stamps
from shared.audit import record_act
from shared.chain.chaining import chain_log
from shared.chain.models import HeadCopy
from shared.clock import real_now
from shared.database.unit import Database
from shared.documents.timestamps import NotProven, read_roots, verify_register_proof
from shared.errors import Conflict, NotFound
from shared.security.actor import SYSTEM
from shared.settings import settings
from tests.servers.timestamps import Authority
from tests.servers.timestamps import timestamping as authority_in
from tests.unit.certificate.scene import Candidate, numbered
from tests.unit.certificate.trust.scene import issue_many

pytestmark = pytest.mark.usefixtures("store")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with authority_in(tmp_path_factory.mktemp("tsa")) as authority:
        yield authority


@pytest.fixture
def tsa(running: Authority, monkeypatch: pytest.MonkeyPatch, database: Database) -> Iterator[Authority]:
    """The authority, named in the settings."""
    running.behaviour, running.asked = "", 0
    monkeypatch.setenv("KOMPETEN_TIMESTAMP_URL", running.url)
    monkeypatch.setenv("KOMPETEN_TIMESTAMP_CA_FILE", str(running.root))
    settings.cache_clear()
    yield running
    settings.cache_clear()


def batches(database: Database) -> list[Timestamp]:
    with database.reading() as session:
        return list(session.scalars(select(Timestamp).order_by(Timestamp.id)))


def sooner(database: Database, by: timedelta) -> None:
    """As if every batch had been closed, and asked for, that much earlier."""
    with database.unit_of_work() as session:
        for batch in session.scalars(select(Timestamp)):
            batch.closed_at -= by
            batch.next_try_at -= by


def test_new_certificates_come_under_one_stamp(database: Database, tsa: Authority) -> None:
    many = issue_many(database, 5)
    before = real_now().replace(microsecond=0)
    assert timestamping.stamp_register(database) == 1
    (batch,) = batches(database)
    assert (batch.count, batch.tsa, tsa.asked) == (5, "CN=Otoritas waktu contoh", 1)
    assert batch.at is not None
    assert before <= batch.at <= real_now()
    roots = read_roots(tsa.root)
    with database.reading() as session:
        for certificate in many:
            proof = trust.view_proof(session, certificate.current.check_token)
            assert (proof.number, proof.sha256) == (certificate.number, certificate.current.sha256)
            assert verify_register_proof(proof, roots).at == batch.at


def test_nothing_new_is_not_stamped_again_and_new_ones_wait_for_their_time(database: Database, tsa: Authority) -> None:
    issue_many(database, 2)
    timestamping.stamp_register(database)
    issue_many(database, 1)
    assert timestamping.stamp_register(database) == 0
    sooner(database, timedelta(minutes=16))
    assert timestamping.stamp_register(database) == 1
    assert timestamping.stamp_register(database) == 0
    assert [batch.count for batch in batches(database)] == [2, 1]


def test_so_many_that_they_fill_a_batch_do_not_wait(
    database: Database, tsa: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timestamping, "BATCH", 3)
    issue_many(database, 7)
    assert timestamping.stamp_register(database) == 2
    assert [batch.count for batch in batches(database)] == [3, 3]


def test_what_is_not_in_force_yet_is_in_no_batch(database: Database, tsa: Authority) -> None:
    with database.unit_of_work() as session:
        token = numbered(session, Candidate()).current.check_token
    assert timestamping.stamp_register(database) == 0
    with database.reading() as session, pytest.raises(NotFound):
        trust.view_proof(session, token)


def test_without_an_authority_nothing_happens(database: Database) -> None:
    issue_many(database, 1)
    assert timestamping.stamp_register(database) == 0
    assert batches(database) == []


@pytest.mark.parametrize("behaviour", ["away", "refuse"])
def test_while_the_authority_is_away_batches_wait_and_say_why(
    database: Database, tsa: Authority, behaviour: str
) -> None:
    (certificate,) = issue_many(database, 1)
    tsa.behaviour = behaviour
    assert timestamping.stamp_register(database) == 0
    assert timestamping.stamp_register(database) == 0
    assert tsa.asked == 1, "not asked again before its pause is over"
    with database.reading() as session:
        (shown,) = trust.list_timestamps(session)
        assert shown.at is None
        assert shown.error
        with pytest.raises(NotFound, match="belum ada"):
            trust.view_proof(session, certificate.current.check_token)
    tsa.behaviour = ""
    sooner(database, timedelta(minutes=2))
    assert timestamping.stamp_register(database) == 1
    with database.reading() as session:
        assert trust.list_timestamps(session)[0].error == ""
        assert trust.view_proof(session, certificate.current.check_token).count == 1


def test_a_stamp_of_an_authority_that_is_not_believed_is_not_kept(
    database: Database, tsa: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue_many(database, 1)
    monkeypatch.delenv("KOMPETEN_TIMESTAMP_CA_FILE")
    settings.cache_clear()
    assert timestamping.stamp_register(database) == 0
    (batch,) = batches(database)
    assert "does not hold" in batch.error


def test_a_register_altered_afterwards_does_not_lead_to_its_stamp(database: Database, tsa: Authority) -> None:
    one, other = issue_many(database, 2)
    timestamping.stamp_register(database)
    with database.unit_of_work() as session:
        session.execute(
            text("UPDATE certificate_version SET sha256 = :other WHERE id = :id"),
            {"other": "ab" * 32, "id": other.current.id.hex},
        )
    with database.reading() as session, pytest.raises(Conflict, match="tidak lagi cocok"):
        trust.view_proof(session, one.current.check_token)


def test_a_proof_of_one_certificate_is_none_of_another(database: Database, tsa: Authority) -> None:
    one, other = issue_many(database, 2)
    timestamping.stamp_register(database)
    with database.reading() as session:
        proof = trust.view_proof(session, one.current.check_token)
    with pytest.raises(NotProven):
        verify_register_proof(proof.model_copy(update={"sha256": other.current.sha256}), read_roots(tsa.root))


def chained(database: Database, times: int = 1) -> None:
    """An act in the log, and the log chained."""
    with database.unit_of_work() as session:
        for _ in range(times):
            record_act(session, SYSTEM, "contoh:act", "contoh/1")
    chain_log(database)


def test_the_heads_of_logs_come_under_the_stamp_also_when_nothing_was_issued(
    database: Database, tsa: Authority
) -> None:
    chained(database)
    with database.unit_of_work() as session:
        copy = {"closed_at": real_now(), "key_id": "contoh", "signature": ""}
        session.add(HeadCopy(service="decision", number=7, head="ab" * 32, **copy))
    assert timestamping.stamp_register(database) == 1
    sooner(database, timedelta(minutes=16))
    assert timestamping.stamp_register(database) == 0
    issue_many(database, 1)
    chained(database)
    assert timestamping.stamp_register(database) == 1
    assert len(batches(database)) == 2
    with database.reading() as session:
        heads = session.execute(select(StampedHead.timestamp_id, StampedHead.service)).all()
        assert sorted((one.timestamp_id, one.service) for one in heads) == [
            (1, "certificate"),
            (1, "decision"),
            (2, "certificate"),
        ]
        assert list(verify_stamps(session)) == []


def test_a_certificate_is_proven_beside_heads_of_logs(database: Database, tsa: Authority) -> None:
    chained(database)
    (certificate,) = issue_many(database, 1)
    timestamping.stamp_register(database)
    with database.reading() as session:
        proof = trust.view_proof(session, certificate.current.check_token)
    assert proof.count == 2
    verify_register_proof(proof, read_roots(tsa.root))


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE certificate_version SET sha256 = 'ab'", "the register does not lead to its root"),
        ("UPDATE register_timestamp_head SET head = 'ab'", "the register does not lead to its root"),
        ("UPDATE register_timestamp SET response = x'00'", "its time stamp is not over its root"),
        (
            "UPDATE chain_block SET head = 'ab'",
            "block 1 of certificate stands under it and is another one now, or gone",
        ),
    ],
)
def test_what_was_altered_under_a_stamp_is_named(
    database: Database, tsa: Authority, statement: str, words: str
) -> None:
    chained(database)
    issue_many(database, 2)
    timestamping.stamp_register(database)
    with database.unit_of_work() as session:
        session.execute(text(statement))
    with database.reading() as session:
        assert words in [finding.words for finding in verify_stamps(session)]
