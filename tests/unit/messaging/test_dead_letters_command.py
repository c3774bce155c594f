"""`kompeten dead-letters` where not every database can be asked."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner

from kompeten.commands.dead_letters import dead_letters
from kompeten.schema import migrate_database
from shared.clock import real_now
from shared.database import opened
from shared.database.unit import Database, database_url
from shared.messaging.models import InboxRow, InboxState, JobRow
from shared.settings import settings


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


def test_what_waits_for_another_try_is_shown_with_its_reason(decision: None) -> None:
    row = {"consumer": "decision", "type": "id.contoh.v1", "subject": "x/1", "received_at": real_now()}
    with opened.database_of("decision").unit_of_work() as session:
        session.add(InboxRow(event_id=uuid4(), state=InboxState.WAITING, tries=2, error="NotYet: contoh", **row))
        session.add(JobRow(kind="send", key="1", payload={}, error="MailAway: contoh", tries=1))
        session.add(JobRow(kind="send", key="2", payload={}))
    done = CliRunner().invoke(dead_letters, ["list", "--service", "decision"])
    assert done.exit_code == 0
    assert "waits, 2 tries" in done.output
    assert "MailAway: contoh" in done.output
    assert done.output.splitlines()[-1] == "0 dead, 2 wait for another try"


def test_each_service_may_have_a_password_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One command over all databases: the file with the password is named by the service, as the address is."""
    (tmp_path / "postgres_decision_password").write_text("rahasia-contoh")
    monkeypatch.setenv("KOMPETEN_DATABASE_URL", "postgresql+psycopg2://kompeten_{service}@postgres/kompeten_{service}")
    monkeypatch.setenv("KOMPETEN_DATABASE_PASSWORD_FILE", f"{tmp_path}/postgres_{{service}}_password")
    settings.cache_clear()
    url = database_url("decision")
    settings.cache_clear()
    assert url == "postgresql+psycopg2://kompeten_decision:rahasia-contoh@postgres/kompeten_decision"


def test_one_that_can_be_asked_is_enough_when_it_is_named(decision: None) -> None:
    result = CliRunner().invoke(dead_letters, ["list", "--service", "decision"])
    assert (result.exit_code, result.output) == (0, "0 dead\n")
    away = CliRunner().invoke(dead_letters, ["replay", "assessment", "--all"])
    assert away.exit_code == 1
    assert "Error: assessment: its database cannot be asked" in away.output
