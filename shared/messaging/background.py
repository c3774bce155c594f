"""What runs in the background of a service: relay, retries, jobs, timers; no framework of processes is named here.

A runner gives each of `loops()` a greenlet or a thread of its own, between `begin` and `end`.
"""

import logging
from collections.abc import Callable
from threading import Event as Flag
from typing import Any

from shared.chain.chaining import CHAIN_SECONDS, chain_log
from shared.contracts.logs import LOG_FACTS
from shared.database.answers import KEPT_ANSWERS
from shared.database.claims import RENEW_SECONDS, renew_claims
from shared.database.kept_forms import KEPT_FORMS
from shared.database.retention import sweep_all
from shared.database.trial_clock import read_clock
from shared.database.unit import ASKED, Database, is_away
from shared.messaging.consumer import STOPPING
from shared.messaging.context import beginning_cause
from shared.messaging.failures import describe_failure
from shared.messaging.inbox import retry_waiting
from shared.messaging.jobs import Jobs
from shared.messaging.models import EVENTS_EXCHANGE, PUBLIC_EXCHANGE
from shared.messaging.pauses import choose_growing_pause
from shared.messaging.reactions import Reactions
from shared.messaging.relay import Relay
from shared.messaging.retentions import RETENTIONS
from shared.messaging.timers import Timers
from shared.observability.vitals import vitals_of
from shared.runtime.pool import Pool
from shared.security.generations import GENERATIONS_KEPT
from shared.settings import settings

log = logging.getLogger(__name__)

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 10.0
"""Seconds that what failed rests before it is tried again."""


class Background:
    """Something that a service does as long as it runs."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.stopping = Flag()

    def loops(self) -> list[Callable[[], None]]:
        """What is to run, each until `ask_to_stop`."""
        raise NotImplementedError

    def begin(self) -> None:
        """Called once before the loops run."""

    def ask_to_stop(self) -> None:
        """Let the loops end after what they have in hand."""
        self.stopping.set()

    def end(self) -> None:
        """Called once after the loops have ended."""

    def repeat(self, work: Callable[[], Any], rest: Callable[[], Any]) -> None:
        """`work`, then `rest`, until the service stops. A failure is logged and tried again after a growing pause."""
        failures = 0
        while not self.stopping.is_set() and not STOPPING.is_set():
            try:
                work()
                failures = 0
            except Exception as error:
                if is_away(error):
                    log.warning("the database of %s is away: %s", self.database.service, describe_failure(error))
                else:
                    log.exception("%s of %s", type(self).__name__, self.database.service)
                failures += 1
                self.stopping.wait(choose_growing_pause(failures, FIRST_PAUSE, LONGEST_PAUSE))
            else:
                rest()


class Relaying(Background):
    """Publishes the outbox: what is for the other services, and beside it what is for other agencies, if anything."""

    def __init__(self, database: Database, *, tells_agencies: bool = False) -> None:
        super().__init__(database)
        exchanges = [EVENTS_EXCHANGE, PUBLIC_EXCHANGE] if tells_agencies else [EVENTS_EXCHANGE]
        self.relays = [Relay(database, exchange) for exchange in exchanges]

    def loops(self) -> list[Callable[[], None]]:
        return [relay.run for relay in self.relays]

    def ask_to_stop(self) -> None:
        for relay in self.relays:
            relay.stop()
        super().ask_to_stop()


class Retrying(Background):
    """Tries again what waits in the inbox."""

    def __init__(self, database: Database, reactions: Reactions) -> None:
        super().__init__(database)
        self.reactions = reactions

    def loops(self) -> list[Callable[[], None]]:
        pause = min(settings().not_yet_seconds, settings().retry_first_seconds)
        return [
            lambda: self.repeat(lambda: retry_waiting(self.database, self.reactions), lambda: self.stopping.wait(pause))
        ]


class Working(Background):
    """Does the jobs, woken by each commit that left one; `workers` are the processes they are done with, if any."""

    def __init__(self, database: Database, jobs: Jobs, workers: Callable[[], Pool] | None = None) -> None:
        super().__init__(database)
        self.jobs = jobs
        self.workers = workers
        self.news = Flag()
        database.on_commit(ASKED, self.news.set)

    def loops(self) -> list[Callable[[], None]]:
        """With workers two batches are under way, as with two replicas: one is made while the other is written down."""
        at_once = 2 if self.workers and self.workers().size else 1
        return [lambda: self.repeat(self._run, lambda: self.news.wait(settings().job_poll_seconds))] * at_once

    def begin(self) -> None:
        if self.workers:
            self.workers().start()

    def ask_to_stop(self) -> None:
        super().ask_to_stop()
        self.news.set()

    def end(self) -> None:
        if self.workers:
            self.workers().stop()

    def _run(self) -> None:
        self.news.clear()
        while self.jobs.run_due(self.database) and not self.stopping.is_set():
            pass


class Ticking(Background):
    """Calls the service's timers and those that every service has: of what is kept, claimed and chained."""

    def __init__(self, database: Database, timers: Timers) -> None:
        super().__init__(database)
        self.timers = timers

    def loops(self) -> list[Callable[[], None]]:
        kept = (*RETENTIONS, GENERATIONS_KEPT, KEPT_ANSWERS, KEPT_FORMS, *self.timers.retentions)

        def sweep_messages(database: Database) -> None:
            sweep_all(database, kept)

        ticks = [*self.timers.ticks, (3600.0, sweep_messages), (RENEW_SECONDS, renew_claims)]
        if self.database.service in LOG_FACTS:
            ticks.append((CHAIN_SECONDS, chain_log))
        if settings().trial:
            ticks.append((1.0, _follow_clock))
        return [self._loop(seconds, tick) for seconds, tick in ticks]

    def _loop(self, seconds: float, tick: Callable[[Database], None]) -> Callable[[], None]:
        vitals_of(self.database.service).expect_timer(tick.__name__, seconds)
        return lambda: self.repeat(lambda: self._tick(tick), lambda: self.stopping.wait(seconds))

    def _tick(self, tick: Callable[[Database], None]) -> None:
        with beginning_cause():
            tick(self.database)
        vitals_of(self.database.service).note_timer(tick.__name__)


def _follow_clock(database: Database) -> None:
    with database.reading() as session:
        read_clock(session)
