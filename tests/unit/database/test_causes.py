"""What keeps the database from its work is told in its own words: "password authentication failed", not "away"."""

import sqlite3
from pathlib import Path

import psycopg2
import pytest
from sqlalchemy.exc import DBAPIError, OperationalError

from shared.database.away import DatabaseAway, Why, describe_cause, why_away
from shared.database.unit import Database

SAID = (
    'connection to server at "postgres", port 5432 failed: FATAL:  password authentication failed for user "decision"'
)


def test_a_wrong_password_is_told_as_one() -> None:
    error = OperationalError("SELECT 1", {"nik": "3175012345670001"}, psycopg2.OperationalError(f"{SAID}\nDETAIL: x"))
    assert why_away(error) is Why.LOST
    assert describe_cause(error) == f"OperationalError: {SAID}"


def test_what_a_statement_held_is_not_told() -> None:
    error = DBAPIError("INSERT", {"nik": "3175012345670001"}, sqlite3.OperationalError("disk I/O error"))
    assert "3175" not in describe_cause(error)


def test_a_database_that_cannot_be_opened_says_so(tmp_path: Path) -> None:
    database = Database("ledger", f"sqlite:///{tmp_path}/nowhere/ledger.sqlite3")
    with pytest.raises(DatabaseAway) as away, database.reading() as session:
        session.connection()
    assert str(away.value) == "lost: OperationalError: unable to open database file"


@pytest.mark.parametrize("code", ["28P01", "28000", "3D000"])
def test_a_server_that_lets_nobody_in_is_away(code: str) -> None:
    class Refused(Exception):
        sqlstate = code

    assert why_away(OperationalError("SELECT 1", {}, Refused("contoh"))) is Why.LOST
