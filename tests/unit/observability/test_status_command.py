"""`kompeten status`: every service asked over HTTP, with an exit status for scripts."""

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from uuid import uuid4

import httpx
import pytest
from click.testing import CliRunner
from werkzeug.serving import make_server

from kompeten.commands import kompeten
from kompeten.commands.status import AILING, UNKNOWN, WELL
from kompeten.front import make_front
from kompeten.services import NAMES
from shared.body_data import data_in_force
from shared.body_data.tree import read_tree
from shared.database.base import SharedBase
from shared.database.unit import Database
from shared.messaging.models import InboxRow, InboxState
from shared.observability.advice import explain_ailment
from shared.observability.ailments import find_differing_data
from shared.observability.status import ServiceStatus
from shared.settings import settings
from shared.web import create_app


@pytest.fixture
def databases(tmp_path: Path) -> Iterator[dict[str, Database]]:
    found = {name: Database(name, f"sqlite:///{tmp_path}/{name}.sqlite3") for name in NAMES}
    for database in found.values():
        SharedBase.metadata.create_all(database.engine)
    yield found
    for database in found.values():
        database.close()


@pytest.fixture
def address(databases: dict[str, Database], monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """All services behind one address, which the settings name."""
    applications = {name: create_app(name, database) for name, database in databases.items()}
    server = make_server("127.0.0.1", 0, make_front(applications), threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("KOMPETEN_SERVICE_URL", f"http://127.0.0.1:{server.port}")
    settings.cache_clear()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    server.server_close()
    thread.join()
    settings.cache_clear()


def bury_one(database: Database) -> None:
    with database.unit_of_work() as session:
        session.add(
            InboxRow(consumer="x", event_id=uuid4(), type="contoh", subject="x/1", state=InboxState.DEAD, error="x")
        )


def test_all_well_ends_with_0(address: str) -> None:
    done = CliRunner().invoke(kompeten, ["status"])
    assert (done.exit_code, done.output.splitlines()[-1]) == (WELL, "all well"), done.output
    assert [line.partition("\t")[0] for line in done.output.splitlines()[: len(NAMES)]] == list(NAMES)


def test_something_wrong_ends_with_1_and_says_what_to_do(address: str, databases: dict[str, Database]) -> None:
    bury_one(databases["decision"])
    done = CliRunner().invoke(kompeten, ["status"])
    assert done.exit_code == AILING
    assert "decision/dead-letters: 1 dead letters" in done.output
    assert "kompeten dead-letters replay" in done.output


def test_a_service_that_cannot_be_asked_ends_with_2(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOMPETEN_SERVICE_URL", "http://127.0.0.1:9")
    settings.cache_clear()
    done = CliRunner().invoke(kompeten, ["status"])
    assert done.exit_code == UNKNOWN
    assert "registration/service-away" in done.output
    assert "Connection refused" in done.output


def test_programs_get_the_whole_reports(address: str, databases: dict[str, Database]) -> None:
    bury_one(databases["certificate"])
    done = CliRunner().invoke(kompeten, ["status", "--json"])
    told = json.loads(done.output)
    assert [one["code"] for one in told["ailments"]] == ["dead-letters"]
    assert [one["service"] for one in told["services"]] == list(NAMES)
    assert told["services"][3]["backlog"]["inbox_dead"] == 1


def test_services_that_work_by_different_data_are_told(address: str, tmp_path: Path) -> None:
    """One service was started anew after the folder was edited, the others were not."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "paper.yaml").write_text("low_stock: 7\n")
    edited, shipped = read_tree(folder), read_tree(None)
    reports = [
        ServiceStatus.model_validate_json(httpx.get(f"{address}/{name}/status").content)
        for name in ("decision", "certificate")
    ]
    assert {report.data for report in reports} == {shipped.digest}
    (told,) = find_differing_data([reports[0].model_copy(update={"data": edited.digest}), *reports[1:]])
    assert told.key == "system/data-differs"
    assert f"{edited.digest[:12]}: decision" in explain_ailment(told)[0]
    assert find_differing_data(reports) == []


def test_files_edited_since_the_start_are_told(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert data_in_force().files
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "paper.yaml").write_text("low_stock: 7\n")
    monkeypatch.setenv("KOMPETEN_BODY_DATA_DIR", str(tmp_path / "data"))
    settings.cache_clear()
    done = CliRunner().invoke(kompeten, ["status"])
    assert done.exit_code == AILING
    assert "decision/data-edited: The files of schemes, holidays or codes were edited" in done.output


def test_the_version_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    done = CliRunner().invoke(kompeten, ["--version"])
    assert done.exit_code == 0
    assert done.output.startswith("kompeten, version ")
