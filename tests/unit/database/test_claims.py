"""Claims are renewed by whoever works on them, and end soon after a process that was killed."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from shared.clock import real_now
from shared.database.answers import KeptAnswer
from shared.database.base import SharedBase
from shared.database.claims import LEASE_SECONDS, LONGEST_SECONDS, hold_claim, let_claim_go, renew_claims
from shared.database.unit import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database("ledger", f"sqlite:///{tmp_path}/ledger.sqlite3")
    SharedBase.metadata.create_all(database.engine)
    yield database
    database.close()


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """By how many seconds the monotonic clock is ahead."""
    ahead, real = [0.0], time.monotonic
    monkeypatch.setattr("shared.database.claims.time.monotonic", lambda: real() + ahead[0])
    return ahead


def claim(database: Database, answer: bytes | None = None) -> tuple[UUID, datetime]:
    """A claim that is about to end."""
    claim_id, begun_at = uuid4(), real_now() - timedelta(seconds=LEASE_SECONDS - 1)
    row = KeptAnswer(id=claim_id.hex, fingerprint="contoh", claim_id=claim_id, begun_at=begun_at, answer=answer)
    with database.unit_of_work() as session:
        session.add(row)
    return claim_id, begun_at


def read_begin(database: Database, claim_id: UUID) -> datetime:
    with database.reading() as session:
        return session.get_one(KeptAnswer, claim_id.hex).begun_at


def test_what_is_worked_on_is_renewed_and_nothing_else(database: Database, moved: list[float]) -> None:
    """This failure mode means a slow request that is begun again while it is at work."""
    (held, _), (anothers, before) = claim(database), claim(database)
    hold_claim("ledger", held)
    hold_claim("another", anothers)
    moved[0] = 3
    renew_claims(database)
    assert real_now() - read_begin(database, held) < timedelta(seconds=LEASE_SECONDS / 2)
    assert read_begin(database, anothers) == before
    let_claim_go("ledger", held)
    let_claim_go("another", anothers)


def test_what_was_let_go_or_answered_is_renewed_no_longer(database: Database, moved: list[float]) -> None:
    (gone, before), (answered, then) = claim(database), claim(database, b"contoh")
    hold_claim("ledger", gone)
    hold_claim("ledger", answered)
    let_claim_go("ledger", gone)
    moved[0] = 3
    renew_claims(database)
    assert (read_begin(database, gone), read_begin(database, answered)) == (before, then)
    let_claim_go("ledger", answered)


def test_what_hangs_for_longer_than_any_request_is_let_go(database: Database, moved: list[float]) -> None:
    """This failure mode means a person who is told for ever that the request is at work."""
    hanging, before = claim(database)
    hold_claim("ledger", hanging)
    for ahead in (LONGEST_SECONDS + 1, 3):
        moved[0] = ahead
        renew_claims(database)
    assert read_begin(database, hanging) == before
