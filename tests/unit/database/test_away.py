"""What counts as "the database is away or too busy", and what is a mistake of the statement."""

import sqlite3
from pathlib import Path

import psycopg
import psycopg2.errors
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError, InternalError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.database.away import DatabaseAway, Why, is_away, why_away
from shared.database.unit import Database
from shared.errors import Unavailable

CODES = [
    ("57014", Why.SLOW),
    ("55P03", Why.LOCK),
    ("40P01", Why.LOCK),
    ("40001", Why.LOCK),
    ("53300", Why.FULL),
    ("53100", Why.FULL),
    ("57P01", Why.LOST),
    ("57P03", Why.LOST),
    ("08006", Why.LOST),
    ("25P03", Why.SLOW),
    ("25006", Why.LOST),
    ("42703", None),
    ("42601", None),
    ("23505", None),
    ("22P02", None),
    ("P0001", None),
]


class Psycopg2Error(psycopg2.OperationalError):
    pgcode = None


@pytest.mark.parametrize(("code", "why"), CODES)
def test_both_drivers_say_the_same_by_their_sqlstate(code: str, why: Why | None) -> None:
    old = Psycopg2Error("x")
    old.pgcode = code  # type: ignore[assignment]
    new = psycopg.OperationalError("x")
    new.sqlstate = code
    for cause in (old, new):
        for kind in (OperationalError, InternalError, ProgrammingError, IntegrityError):
            assert why_away(kind("SELECT 1", {}, cause)) is why


@pytest.mark.parametrize(
    "cause", [psycopg2.OperationalError("server closed the connection"), psycopg.OperationalError()]
)
def test_an_error_without_a_word_of_the_server_is_a_lost_connection(cause: Exception) -> None:
    assert why_away(OperationalError("SELECT 1", {}, cause)) is Why.LOST
    assert why_away(DBAPIError("SELECT 1", {}, cause, connection_invalidated=True)) is Why.LOST


@pytest.mark.parametrize("error", [ValueError("x"), OSError(), TimeoutError(), KeyError("database")])
def test_errors_of_the_work_are_not_the_databases(error: Exception) -> None:
    assert not is_away(error)


def test_a_drained_pool_is_the_database_too_busy() -> None:
    assert why_away(PoolTimeout("QueuePool limit")) is Why.POOL
    assert why_away(DatabaseAway(Why.POOL)) is Why.POOL
    assert isinstance(DatabaseAway(Why.POOL), Unavailable)


@pytest.mark.parametrize("statement", ["SELECT tiada FROM sqlite_master", "SELEKT 1", "SELECT * FROM tiada"])
def test_on_sqlite_a_wrong_statement_is_a_mistake(statement: str) -> None:
    database = Database("ledger", "sqlite://")
    with pytest.raises(OperationalError) as raised, database.unit_of_work() as session:
        session.execute(text(statement))
    assert not is_away(raised.value)


def test_on_sqlite_a_locked_file_is_busy(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite3"
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    other = create_engine(f"sqlite:///{path}", connect_args={"timeout": 0.01})
    with other.connect() as connection, pytest.raises(OperationalError) as raised:
        connection.exec_driver_sql("CREATE TABLE t (x)")
    assert why_away(raised.value) is Why.LOCK
    holder.close()


def test_on_sqlite_a_file_that_cannot_be_opened_is_away(tmp_path: Path) -> None:
    database = Database("ledger", f"sqlite:///{tmp_path}/tiada/a.sqlite3")
    with pytest.raises(DatabaseAway) as raised, database.reading() as session:
        session.execute(text("SELECT 1"))
    assert raised.value.why is Why.LOST


def test_on_sqlite_a_disk_that_fails_is_away() -> None:
    cause = sqlite3.OperationalError("disk I/O error")
    cause.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
    assert why_away(OperationalError("COMMIT", {}, cause)) is Why.LOST


def test_the_message_quotes_nothing_of_the_statement_and_no_password() -> None:
    database = Database("ledger", "postgresql+psycopg2://nobody:rahasia@127.0.0.1:1/nothing")
    with pytest.raises(DatabaseAway) as raised, database.unit_of_work() as session:
        session.execute(text("SELECT '3175010101900001'"))
    assert str(raised.value).startswith("lost: OperationalError: ")
    assert "3175" not in str(raised.value)
    assert "rahasia" not in str(raised.value)
    database.close()
