"""Every wait for a database ends: for a connection, a statement, a lock, an answer. Both drivers."""

import time
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from shared.database.away import DatabaseAway, Why
from shared.database.unit import Database
from tests.integration.database.conftest import DRIVERS, Open
from tests.servers.own_postgres import OwnPostgres

LOCK = "LOCK TABLE note IN ACCESS EXCLUSIVE MODE"


@pytest.fixture(params=DRIVERS)
def database(request: pytest.FixtureRequest, opened: Open, postgres_database: str) -> Database:
    return opened(postgres_database, request.param)


def refused(database: Database, statement: str) -> Why:
    with pytest.raises(DatabaseAway) as raised, database.unit_of_work() as session:
        session.execute(text(statement))
    return raised.value.why


def test_a_statement_that_takes_too_long_is_ended_by_the_server(database: Database) -> None:
    assert refused(database, "SELECT pg_sleep(30)") is Why.SLOW
    assert refused(database.for_web(), "SELECT pg_sleep(30)") is Why.SLOW


def test_a_lock_held_by_another_session_is_waited_for_a_short_time(database: Database) -> None:
    with create_engine(database.engine.url, poolclass=NullPool).begin() as holder:
        holder.execute(text(LOCK))
        assert refused(database, "SELECT * FROM note") is Why.LOCK
    with database.reading() as session:
        assert session.execute(text("SELECT * FROM note")).all() == []


def test_a_transaction_that_does_nothing_is_ended_and_says_so(database: Database) -> None:
    def rest() -> None:
        with database.unit_of_work() as session:
            session.execute(text("SELECT 1"))
            time.sleep(1.5)
            session.execute(text("SELECT 1"))

    with pytest.raises(DatabaseAway) as raised:
        rest()
    assert raised.value.why in (Why.SLOW, Why.LOST)


def test_web_requests_leave_connections_to_the_consumer_and_the_relay(database: Database) -> None:
    """This failure mode means a storm of requests after which no event is taken in and none is published."""
    web = database.for_web()
    with web.reading() as one, web.unit_of_work() as two:
        one.execute(text("SELECT 1"))
        two.execute(text("SELECT 1"))
        assert refused(web, "SELECT 1") is Why.POOL
        with database.unit_of_work() as consumer, database.unit_of_work() as relay:
            assert consumer.scalar(text("SELECT 1")) == relay.scalar(text("SELECT 1")) == 1
            assert refused(database, "SELECT 1") is Why.POOL
    with web.reading() as session:
        assert session.scalar(text("SELECT 1")) == 1


def test_a_session_killed_by_an_administrator_is_a_lost_connection_and_the_next_is_good(database: Database) -> None:
    def die() -> None:
        with database.unit_of_work() as session, database.unit_of_work() as administrator:
            pid = session.scalar(text("SELECT pg_backend_pid()"))
            administrator.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
            administrator.commit()
            session.execute(text("SELECT 1"))

    with pytest.raises(DatabaseAway) as raised:
        die()
    assert raised.value.why is Why.LOST
    with database.reading() as session:
        assert session.scalar(text("SELECT 1")) == 1


@pytest.mark.parametrize("statement", ["SELECT tiada FROM note", "SELEKT 1", "INSERT INTO note VALUES (1)"])
def test_a_wrong_statement_is_nobodys_absence(database: Database, statement: str) -> None:
    with pytest.raises(Exception, match=r"psycopg") as raised, database.unit_of_work() as session:
        session.execute(text(statement))
    assert not isinstance(raised.value, DatabaseAway)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("driver", DRIVERS)
def test_a_frozen_server_is_noticed_by_those_connected_and_by_those_who_connect(
    own_postgres: OwnPostgres, opened: Open, driver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This failure mode means a server whose disk hangs: its kernel answers for it, and nothing ever comes back."""
    monkeypatch.setattr("shared.database.connections.ANSWER_MARGIN_SECONDS", 0.5)
    monkeypatch.setattr("shared.database.connections.CONNECT_SECONDS", 2)
    monkeypatch.setattr("shared.database.connections.BoundedConnection.answer_seconds", 2.0)
    database = opened(own_postgres.fresh(), driver)
    with database.unit_of_work() as session:
        session.execute(text("SELECT 1"))
    own_postgres.pause()
    assert refused(database, "SELECT 1") is Why.LOST
    assert refused(database, f"SELECT '{uuid4()}'") is Why.LOST  # its connection is gone: this one connects
    own_postgres.resume()
    with database.reading() as session:
        assert session.scalar(text("SELECT 1")) == 1
