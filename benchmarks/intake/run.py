"""FR-APL-01 filed over HTTP, committed with its event, by one registration service on PostgreSQL and RabbitMQ.

Beside it pgbench does the same SQL, and an earlier revision files the same drafts; in turn, round after round. The
services that are not measured idle meanwhile.
"""

import os
import statistics
import time
from contextlib import ExitStack

from benchmarks.intake import same_sql
from benchmarks.intake.drafts import FIRST
from benchmarks.intake.service import IntakeService
from benchmarks.measure import Figure, Figures, percentiles, show_runs
from benchmarks.revision import WORKING_COPY, Tree
from benchmarks.stage import Stage
from shared.database.unit import Database
from shared.settings import settings

FILED = 1500
"""A round: some seconds at the rate of 2026."""
PGBENCH_FILED = 4800
WARM = 200


def run(stage: Stage) -> Figures:
    """Filed per second and latency, beside pgbench with the same SQL, and how far the relay fell behind."""
    durations: list[float] = []
    with ExitStack() as stack:
        ours = _start(stack, stage, WORKING_COPY)
        before = _start(stack, stage, stage.before) if stage.before else None
        os.environ |= ours.environment  # the drafts' NIKs are encrypted with the same key
        settings.cache_clear()
        database = Database("registration", ours.database_url)
        statements = same_sql.record_filing(database)
        runs: dict[str, list[float]] = {name: [] for name in ("filed", "pgbench", *(["before"] if before else []))}
        for number in range(stage.rounds):
            first = FIRST + WARM + number * FILED
            seconds, own = ours.file_some(first, FILED)
            behind, caught_up = _wait_for_relay(ours)
            durations += own
            runs["filed"].append(FILED / seconds)
            if before:
                runs["before"].append(FILED / before.file_some(first, FILED)[0])
                _wait_for_relay(before)
            begin = same_sql.FIRST + number * PGBENCH_FILED
            runs["pgbench"].append(same_sql.measure_pgbench(database, statements, begin, PGBENCH_FILED))
        database.close()
    show_runs(runs, "1/s")
    rates = {name: statistics.median(values) for name, values in runs.items()}
    return {
        "intake.filed_per_second": Figure(rates["filed"], "1/s"),
        **{f"intake.{name}_per_second": Figure(rates[name], "1/s") for name in rates if name != "filed"},
        **{f"intake.ratio_{name}": Figure(rates["filed"] / rates[name], "x") for name in rates if name != "filed"},
        "intake.statements": Figure(len(statements), "statements"),
        "intake.relay_behind_at_the_end": Figure(behind, "events"),
        "intake.relay_caught_up": Figure(1000 * caught_up, "ms"),
        **percentiles(durations, "intake.latency"),
    }


def _start(stack: ExitStack, stage: Stage, tree: Tree) -> IntakeService:
    """A warm service of `tree` with all the drafts of the rounds; stopped at the stack's end."""
    service = IntakeService(tree, stage.database(), stage.vhost())
    service.start(FIRST, WARM + stage.rounds * FILED)
    stack.callback(service.stop)
    service.file_some(FIRST, WARM)
    return service


def _wait_for_relay(service: IntakeService) -> tuple[int, float]:
    """Events not published when the filing ended, and the seconds until none was left."""
    behind, started = service.count_unpublished(), time.perf_counter()
    while service.count_unpublished():
        time.sleep(0.05)
    return behind, time.perf_counter() - started
