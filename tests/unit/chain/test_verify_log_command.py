"""`kompeten verify-log`, over all services, as an operator runs it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from kompeten.commands.verify_log import verify_log
from kompeten.schema import migrate_database
from kompeten.services import NAMES
from shared.chain.chaining import chain_log
from shared.database import opened
from shared.database.unit import Database
from tests.unit.chain.scene import act, own, tell


@pytest.fixture
def system(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Database]]:
    """The databases of all services, each with acts in its log, chained; certificate's told to surveillance."""
    monkeypatch.setattr(opened, "_databases", {})
    databases = {name: opened.database_of(name) for name in NAMES}
    for database in databases.values():
        migrate_database(database)
        act(database, 2)
        chain_log(database)
    tell(databases["certificate"], databases["surveillance"])
    yield databases
    for database in databases.values():
        database.close()


def test_a_system_that_nobody_touched_is_right(system: dict[str, Database]) -> None:
    result = CliRunner().invoke(verify_log, [])
    assert result.exit_code == 0, result.output
    assert [line.partition(":")[0] for line in result.output.splitlines()] == list(NAMES)
    assert "certificate: 0 wrong; 4 rows in 2 blocks fit, 1 heads fit the copies of other services" in result.output


def test_what_was_altered_is_named_with_service_position_and_subject(system: dict[str, Database]) -> None:
    own(system["decision"], "UPDATE audit_log SET actor_name = 'ORANG LAIN' WHERE position = 2")
    result = CliRunner().invoke(verify_log, [])
    assert result.exit_code == 1
    assert "decision\taltered\taudit/2\tcontoh/1\tis not what was chained" in result.output.splitlines()
    assert CliRunner().invoke(verify_log, ["registration"]).exit_code == 0


def test_a_log_cut_off_is_named_by_what_another_service_knows(system: dict[str, Database]) -> None:
    own(system["certificate"], "DELETE FROM audit_log", "DELETE FROM access_log", "DELETE FROM chain_block")
    result = CliRunner().invoke(verify_log, ["certificate"])
    assert result.exit_code == 1
    assert "certificate\tcut off\tblock/2" in result.output


def dump(folder: Path) -> list[str]:
    """All that the databases in a folder hold."""
    lines: list[str] = []
    for file in sorted(folder.glob("*.sqlite3")):
        with closing(sqlite3.connect(file)) as connection:
            lines += connection.iterdump()
    return lines


def test_it_changes_nothing(system: dict[str, Database], data_dir: Path) -> None:
    act(system["assessment"])
    before = dump(data_dir)
    result = CliRunner().invoke(verify_log, ["assessment"])
    assert "2 rows not chained yet" in result.output
    assert dump(data_dir) == before


def test_what_could_not_be_compared_is_told_and_is_no_success(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This failure mode means that a database which cannot be asked counts as one that is right."""
    monkeypatch.setattr(opened, "_databases", {})
    migrate_database(opened.database_of("decision"))
    result = CliRunner().invoke(verify_log, ["decision"])
    assert result.exit_code == 1
    assert "2 comparisons could not be made" in result.output
