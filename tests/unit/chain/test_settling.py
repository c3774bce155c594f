"""Replicas write at once: a row whose transaction ends late is chained with its neighbours, and nobody waits for it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.orm import Session

from kompeten.schema import migrate_database
from shared.audit import record_act
from shared.chain.chaining import begin_chain, chain_log, lock_state
from shared.chain.ledgers import AUDIT, find_last_position, read_rows
from shared.database.unit import Database
from shared.security.actor import SYSTEM
from tests.servers.fixtures import FreshDatabase
from tests.unit.chain.scene import act, chain, verify


@pytest.fixture
def database(postgres_url: FreshDatabase) -> Iterator[Database]:
    database = Database("decision", postgres_url())
    migrate_database(database)
    yield database
    database.close()


def test_a_row_that_is_committed_late_is_not_passed_over(database: Database) -> None:
    """This failure mode means that an act of a slow transaction counts as slipped in, or as never chained."""
    with Session(database.engine) as slow:
        record_act(slow, SYSTEM, "contoh:slow", "contoh/slow")
        slow.flush()
        act(database, 2)
        assert chain(database) == 0
        act(database)
        slow.commit()
    chain(database)
    with database.reading() as session:
        assert len(read_rows(session, AUDIT, 0, None)) == find_last_position(session, AUDIT) == 4
    assert verify(database) == []


def test_what_was_rolled_back_leaves_a_gap_and_no_finding(database: Database) -> None:
    with Session(database.engine) as session:
        record_act(session, SYSTEM, "contoh:never", "contoh/never")
        session.flush()
        session.rollback()
    act(database)
    chain(database)
    assert verify(database) == []


def act_and_chain(database: Database) -> None:
    act(database, 20)
    chain_log(database)


def test_who_writes_does_not_wait_for_who_chains_and_replicas_chain_once(database: Database) -> None:
    act(database, 3)
    begin_chain(database)
    with database.unit_of_work() as session:
        assert lock_state(session, "decision") is not None
        act(database)
        chain_log(database)  # another replica: passes
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(act_and_chain, [database] * 12))
    chain(database)
    chain(database)
    assert verify(database) == []
