"""With the broker stopped every service answers and its outbox fills: `kompeten status` says so, and what to do."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, update
from werkzeug.serving import make_server

from kompeten.commands import kompeten
from kompeten.commands.status import AILING, WELL
from kompeten.front import make_front
from kompeten.services import NAMES
from shared.clock import real_now
from shared.database.unit import Database
from shared.messaging.models import OutboxRow
from shared.messaging.relay import Relay
from shared.observability.parts import make_probes
from shared.observability.vitals import Probe, vitals_of
from shared.settings import settings
from shared.web import create_app
from tests.chaos.ledger import until
from tests.servers.own_rabbitmq import OwnRabbitMQ
from tests.unit.messaging.ledger import create_tables, tell

TELLER = "registration"


@pytest.fixture
def databases(
    tmp_path: Path, own_rabbitmq: OwnRabbitMQ, monkeypatch: pytest.MonkeyPatch
) -> Iterator[dict[str, Database]]:
    """All services behind one address; the teller's relay and probe talk to a real broker."""
    found = {name: Database(name, f"sqlite:///{tmp_path}/{name}.sqlite3") for name in NAMES}
    for database in found.values():
        create_tables(database)
    applications = {name: create_app(name, database) for name, database in found.items()}
    server = make_server("127.0.0.1", 0, make_front(applications), threaded=True)
    monkeypatch.setenv("KOMPETEN_SERVICE_URL", f"http://127.0.0.1:{server.port}")
    monkeypatch.setenv("KOMPETEN_BROKER_URL", own_rabbitmq.url)
    settings.cache_clear()
    relay = Relay(found[TELLER])
    threads = [Thread(target=server.serve_forever), Thread(target=relay.run)]
    for thread in threads:
        thread.start()
    yield found
    relay.stop()
    server.shutdown()
    server.server_close()
    for thread in threads:
        thread.join()
    for database in found.values():
        database.close()
    settings.cache_clear()


@pytest.fixture
def probe(databases: dict[str, Database]) -> Iterator[Probe]:
    (made,) = make_probes(keeps_files=False, sends_mail=False)
    noted, vitals_of(TELLER).probes = vitals_of(TELLER).probes, [made]
    yield made
    vitals_of(TELLER).probes = noted
    made.close()


def count_waiting(database: Database) -> int:
    with database.reading() as session:
        return session.scalars(select(func.count()).where(OutboxRow.published_at.is_(None))).one()


@pytest.mark.timeout(240)
def test_a_stopped_broker_and_the_oldest_event_that_waits_are_told(
    databases: dict[str, Database], probe: Probe, own_rabbitmq: OwnRabbitMQ
) -> None:
    """This failure mode means "healthy" while nothing that anybody does reaches the next stage."""
    tell(databases[TELLER])
    until(lambda: count_waiting(databases[TELLER]) == 0, 60)
    probe.run()
    assert CliRunner().invoke(kompeten, ["status"]).exit_code == WELL
    own_rabbitmq.stop()
    tell(databases[TELLER])
    with databases[TELLER].unit_of_work() as session:
        waits = OutboxRow.published_at.is_(None)
        session.execute(update(OutboxRow).where(waits).values(created_at=real_now() - timedelta(minutes=17)))
    probe.run()
    probe.run()  # the first one lost the connection it had, the second finds nobody
    done = CliRunner().invoke(kompeten, ["status"])
    assert done.exit_code == AILING, done.output
    assert f"{TELLER}/broker-away: The broker does not answer (" in done.output
    assert "refused" in done.output
    assert f"{TELLER}/outbox-stuck/kompeten.events: 1 events wait to be published, the oldest for 17 min" in done.output
    assert "Check the container rabbitmq" in done.output
    assert "service-away" not in done.output, "every service answers as before"
    own_rabbitmq.start()
    until(lambda: count_waiting(databases[TELLER]) == 0, 120)
    probe.run()
    assert CliRunner().invoke(kompeten, ["status"]).exit_code == WELL
