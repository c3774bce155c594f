"""FR-APL-01 filed over HTTP, committed with its event, by one registration service on PostgreSQL and RabbitMQ."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.intake import same_sql
from benchmarks.intake.drafts import FIRST, prepare
from benchmarks.measure import Figure, Figures, percentiles
from kompeten.schema import migrate_database
from shared.database.unit import Database
from shared.messaging.models import OutboxRow
from shared.security.keys import create_keys
from tests.end_to_end.systems import Process, free_port

ROOT = Path(__file__).parents[2]
FILED = 3000
WARM = 200
CONNECTIONS = 16


def run(database_url: Callable[[], str], broker_url: Callable[[], str]) -> Figures:
    """Filed per second and latency, beside pgbench with the same SQL, and how far the relay fell behind."""
    folder = Path(tempfile.mkdtemp(prefix="kompeten-bench-"))
    create_keys(folder / "keys")
    port = free_port()
    url = database_url()
    environment = {
        "KOMPETEN_DATABASE_URL": url,
        "KOMPETEN_BROKER_URL": broker_url(),
        "KOMPETEN_DATA_DIR": str(folder),
        "KOMPETEN_LISTEN": f"127.0.0.1:{port}",
        "KOMPETEN_LOG_LEVEL": "WARNING",
        "KOMPETEN_TOKEN_MINUTES": "60",
        "KOMPETEN_TOKEN_PRIVATE_KEY_FILE": str(folder / "keys/token-private.pem"),
        "KOMPETEN_TOKEN_PUBLIC_KEY_FILE": str(folder / "keys/token-public.pem"),
        "KOMPETEN_ENCRYPTION_KEY_FILE": str(folder / "keys/encryption.key"),
    }
    os.environ |= environment  # the drafts' NIKs are encrypted with the same key
    from shared.settings import settings

    settings.cache_clear()
    database = Database("registration", url)
    migrate_database(database)
    prepare(database, WARM + FILED)
    service = Process(environment, folder / "registration.log", "serve", "registration")
    try:
        service.wait_until_it_answers(f"http://127.0.0.1:{port}/registration/ready")
        _load(port, FIRST, WARM)
        seconds, durations = _load(port, FIRST + WARM, FILED)
        behind = _unpublished(database)
        started = time.perf_counter()
        while _unpublished(database):
            time.sleep(0.05)
        caught_up = time.perf_counter() - started
    finally:
        service.process.terminate()
        service.process.wait(40)
    rate = FILED / seconds
    pgbench = same_sql.run(database, FILED)
    database.close()
    return {
        "intake.filed_per_second": Figure(rate, "1/s"),
        "intake.pgbench_per_second": Figure(pgbench, "1/s"),
        "intake.ratio_pgbench": Figure(rate / pgbench, "x"),
        "intake.relay_behind_at_the_end": Figure(behind, "events"),
        "intake.relay_caught_up": Figure(1000 * caught_up, "ms"),
        **percentiles(durations, "intake.latency"),
    }


def _load(port: int, first: int, count: int) -> tuple[float, list[float]]:
    command = [sys.executable, "-m", "benchmarks.intake.load", *map(str, (port, first, count, CONNECTIONS))]
    lines = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return float(lines[0].split()[1]), [float(line) for line in lines[1:]]


def _unpublished(database: Database) -> int:
    with database.reading() as session:
        waiting = select(func.count()).select_from(OutboxRow).where(OutboxRow.published_at.is_(None))
        return session.scalar(waiting) or 0
