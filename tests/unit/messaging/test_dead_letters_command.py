"""`kompeten dead-letters` where not every database can be asked."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from kompeten.commands.dead_letters import dead_letters
from kompeten.schema import migrate_database
from shared.database import opened
from shared.database.unit import Database


@pytest.fixture
def decision(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Only decision has its tables, as in a container only its own database lets one in."""
    monkeypatch.setattr(opened, "_databases", {})
    database = Database("decision")
    migrate_database(database)
    yield
    database.close()


def test_the_list_says_which_services_could_not_be_asked(decision: None) -> None:
    """This failure mode means a traceback in place of the letters that can be read."""
    result = CliRunner().invoke(dead_letters, ["list"])
    assert result.exit_code == 1
    assert "0 dead; 5 services could not be asked" in result.output
    assert "registration: its database cannot be asked from here" in result.output
    assert isinstance(result.exception, SystemExit)


def test_one_that_can_be_asked_is_enough_when_it_is_named(decision: None) -> None:
    result = CliRunner().invoke(dead_letters, ["list", "--service", "decision"])
    assert (result.exit_code, result.output) == (0, "0 dead\n")
    away = CliRunner().invoke(dead_letters, ["replay", "assessment", "--all"])
    assert away.exit_code == 1
    assert "Error: assessment: its database cannot be asked" in away.output
