"""`kompeten officers install`: the only way by which a body comes to its first officers (R13)."""

from importlib import import_module

import pytest
from click.testing import CliRunner, Result

from kompeten.commands import kompeten
from services.decision.models import Appointment
from shared.database.unit import Database
from tests.unit.decision.scene import DEPUTY, EVERYBODY, FIVE, hear, opened

NAMED = [f"{office.value}={actor.email}" for office, actor in FIVE.items()] + [f"deputy={DEPUTY.email}"]
TERM = ["--since", "2026-01-01", "--until", "2030-12-31"]


@pytest.fixture(autouse=True)
def _accounts(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("kompeten.commands.officers"), "database_of", lambda _service: database)
    hear(database, *[opened(actor) for actor in EVERYBODY])


def install(*named: str) -> Result:
    holders = [part for one in named for part in ("--holder", one)]
    return CliRunner().invoke(kompeten, ["officers", "install", *holders, *TERM])


def list_named(database: Database) -> list[tuple[str, str]]:
    with database.reading() as session:
        return sorted((row.office, row.name) for row in session.query(Appointment))


def test_the_first_officers_are_recorded_once(database: Database) -> None:
    done = install(*reversed(NAMED))
    assert done.exit_code == 0, done.output
    first = list_named(database)
    assert [office for office, _ in first] == sorted([*(office.value for office in FIVE), "deputy"])
    assert install(*NAMED).exit_code != 0
    assert list_named(database) == first


@pytest.mark.parametrize("wrong", ["ketua=a@contoh.test", "chair", "chair=", "chair=nobody@contoh.test"])
def test_what_names_nobody_records_nothing(database: Database, wrong: str) -> None:
    done = install(wrong, *NAMED[1:])
    assert done.exit_code != 0
    assert "Traceback" not in done.output
    assert list_named(database) == []
