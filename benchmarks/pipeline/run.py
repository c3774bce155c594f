"""Committed event -> published with confirm -> effect committed by the reader: events per second, and latency.

Each contender gets its own fresh database and vhost on the same servers, a relay process and a reader process, and as
many events as take it some seconds. The contenders run in turn, round after round; the median of its runs counts.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain

from kombu import Connection

from benchmarks.measure import Figure, Figures, percentiles, show_runs
from benchmarks.peers.bare_kombu import measure_bare_kombu
from benchmarks.pipeline.contest import Contender, Contest, measure_throughput
from benchmarks.stage import Stage
from shared.messaging.topology import EVENTS

# every relay looks for news as often: the events are committed in a process that cannot wake any of them
POLL = {"KOMPETEN_RELAY_POLL_SECONDS": "0.05"}
KOMPETEN = Contender(
    "kompeten", "benchmarks.pipeline.kompeten_process", 20_000, "defaults; relay looks every 50 ms", environment=POLL
)
THREADS = replace(
    KOMPETEN,
    name="threads",
    settings="as kompeten, on the thread runner with psycopg 3",
    environment={**POLL, "KOMPETEN_RUNNER": "threads"},
    driver="psycopg",
)
FASTSTREAM = Contender(
    "faststream",
    "benchmarks.peers.faststream_process",
    6_000,
    "uvloop, no access log, no dependency injection, prefetch 50 handled concurrently, psycopg 3 (C) pool of 10, "
    "500 publishes awaited together; relay looks every 50 ms",
)
CELERY = Contender(
    "celery",
    "benchmarks.peers.celery_app",
    6_000,
    "10 threads, prefetch 5 each, no results, no events, no gossip, psycopg 3 (C) pool of 10, "
    "published by 8 threads with confirms; relay looks every 50 ms",
)
BARE_MESSAGES = 20_000
LATENCY_EVENTS = 250


def run(stage: Stage) -> Figures:
    """Medians of the interleaved runs, ratios of ours to each peer, and our latency."""
    contenders = [KOMPETEN, THREADS, FASTSTREAM, CELERY]
    if stage.before:
        said = f"as kompeten, at {stage.before.name}"
        contenders.insert(1, replace(KOMPETEN, name="before", tree=stage.before, settings=said))
    for contender in contenders:
        print(f"  {contender.name}: {contender.events} events a run; {contender.settings}", flush=True)
    runs = _measure_in_turn(stage, contenders)
    show_runs(runs, "1/s")
    rates = {name: statistics.median(values) for name, values in runs.items()}
    figures = {"pipeline.events_per_second": Figure(rates.pop("kompeten"), "1/s")}
    ours = figures["pipeline.events_per_second"].value
    for name, rate in rates.items():
        figures[f"pipeline.{name}_per_second"] = Figure(rate, "1/s")
        # of the threads it is said what they bring, of the others what we are ahead of them
        figures[f"pipeline.ratio_{name}"] = Figure(rate / ours if name == "threads" else ours / rate, "x")
    return figures | percentiles(_measure_latency(stage), "pipeline.latency")


def _measure_in_turn(stage: Stage, contenders: Sequence[Contender]) -> dict[str, list[float]]:
    """Events per second of every run; each round begins with another contender, so that none has the best place."""
    runs: dict[str, list[float]] = {name: [] for name in [*(one.name for one in contenders), "bare_kombu"]}
    for number in range(stage.rounds):
        first = number % len(contenders)
        for contender in chain(contenders[first:], contenders[:first]):
            _add_run(runs[contender.name], contender.name, partial(_measure_contender, stage, contender))
        _add_run(runs["bare_kombu"], "bare_kombu", partial(_measure_broker_alone, stage))
    return runs


def _add_run(known: list[float], name: str, measure: Callable[[], float]) -> None:
    """Measure once, and show it at once: what was measured is not lost with a later run that fails.

    A run that does not come to its end, because a server or a contender did not answer in time, says so and is tried
    once more, from the beginning and on new ground; the second failure ends the benchmark.
    """
    try:
        rate = measure()
    except OSError as trouble:  # TimeoutError too
        print(f"  {name:<14} did not end, once more: {trouble}", flush=True)
        rate = measure()
    known.append(rate)
    print(f"  {name:<14} {rate:8,.1f} 1/s", flush=True)


def _measure_contender(stage: Stage, contender: Contender) -> float:
    return measure_throughput(Contest(contender, stage.database(), stage.vhost()))


def _measure_broker_alone(stage: Stage) -> float:
    """Messages per second through the broker alone."""
    broker_url = stage.vhost()
    with Connection(broker_url) as connection:
        EVENTS(connection.channel()).declare()
    return BARE_MESSAGES / measure_bare_kombu(broker_url, BARE_MESSAGES)


def _measure_latency(stage: Stage) -> list[float]:
    """Seconds from the event's time to its effect's commit, one event every 20 ms."""
    contest = Contest(KOMPETEN, stage.database(), stage.vhost())
    with contest.running(read=("latency",), relay=("slowly",)):
        contest.wait(lambda: any(line.startswith("told") for line in contest.output("relay")))
        contest.wait(lambda: contest.count_effects() == LATENCY_EVENTS)
        time.sleep(0.3)
        lines = contest.output("read")
    return [float(line) for line in lines if line.replace(".", "", 1).isdigit()]
