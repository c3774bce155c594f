"""What runs in the background of a service, as nameko dependency providers: relay, retries, jobs, timers."""

import logging
from collections.abc import Callable
from threading import Event as Flag
from typing import Any

from nameko.extensions import DependencyProvider

from shared.database.retention import sweep_all
from shared.database.trial_clock import read_clock
from shared.database.unit import Database, is_away
from shared.messaging.consumer import STOPPING
from shared.messaging.context import beginning
from shared.messaging.inbox import retry_waiting
from shared.messaging.jobs import Jobs
from shared.messaging.reactions import Reactions
from shared.messaging.relay import Relay
from shared.messaging.sweep import RETENTIONS
from shared.messaging.timers import Timers
from shared.runtime.pool import Pool
from shared.settings import settings

log = logging.getLogger(__name__)
_databases: dict[str, Database] = {}


def database_of(service: str) -> Database:
    """The one Database of `service` in this process."""
    if service not in _databases:
        _databases[service] = Database(service)
    return _databases[service]


class DatabaseProvider(DependencyProvider):
    """Gives the service's methods their database."""

    def get_dependency(self, _context: Any) -> Database:
        return database_of(self.container.service_name)


class Background(DependencyProvider):
    """Something that runs as long as the service does, each in a greenlet of its own."""

    def setup(self) -> None:
        self.database = database_of(self.container.service_name)
        self.stopping = Flag()
        self.threads: list[Any] = []

    def start(self) -> None:
        self.threads = [self.container.spawn_managed_thread(loop) for loop in self.loops()]

    def stop(self) -> None:
        self.stopping.set()
        for thread in self.threads:
            thread.wait()

    def loops(self) -> list[Callable[[], None]]:
        raise NotImplementedError

    def repeat(self, work: Callable[[], Any], rest: Callable[[], Any]) -> None:
        """`work`, then `rest`, until the service stops. A failure is logged and tried again after a growing pause."""
        pause = 0.5
        while not self.stopping.is_set() and not STOPPING.is_set():
            try:
                work()
                pause = 0.5
            except Exception as error:
                if is_away(error):
                    log.warning("the database of %s is away", self.database.service)
                else:
                    log.exception("%s of %s", type(self).__name__, self.database.service)
                self.stopping.wait(pause)
                pause = min(pause * 2, 10)
            else:
                rest()


class RelayProvider(Background):
    """Publishes the outbox."""

    def loops(self) -> list[Callable[[], None]]:
        self.relay = Relay(self.database)
        return [self.relay.run]

    def stop(self) -> None:
        self.relay.stop()
        super().stop()


class RetryProvider(Background):
    """Tries again what waits in the inbox."""

    def __init__(self, reactions: Reactions) -> None:
        self.reactions = reactions

    def loops(self) -> list[Callable[[], None]]:
        pause = min(settings().not_yet_seconds, settings().retry_first_seconds)
        return [
            lambda: self.repeat(lambda: retry_waiting(self.database, self.reactions), lambda: self.stopping.wait(pause))
        ]


class JobsProvider(Background):
    """Does the jobs, woken by each commit that left one; `workers` are the processes they are done with, if any."""

    def __init__(self, jobs: Jobs, workers: Callable[[], Pool] | None = None) -> None:
        self.jobs = jobs
        self.workers = workers

    def setup(self) -> None:
        super().setup()
        self.news = Flag()
        self.database.on_commit(self.news.set)

    def start(self) -> None:
        if self.workers:
            self.workers().start()
        super().start()

    def loops(self) -> list[Callable[[], None]]:
        """With workers two batches are under way, as with two replicas: one is made while the other is written down."""
        at_once = 2 if self.workers and self.workers().size else 1
        return [lambda: self.repeat(self._run, lambda: self.news.wait(settings().job_poll_seconds))] * at_once

    def stop(self) -> None:
        self.stopping.set()
        self.news.set()
        super().stop()
        if self.workers:
            self.workers().stop()

    def _run(self) -> None:
        self.news.clear()
        while self.jobs.run_due(self.database) and not self.stopping.is_set():
            pass


class TimersProvider(Background):
    """Calls the service's timers, keeps the trial clock, and sweeps what has been kept long enough."""

    def __init__(self, timers: Timers) -> None:
        self.timers = timers

    def loops(self) -> list[Callable[[], None]]:
        kept = (*RETENTIONS, *self.timers.retentions)
        ticks = [*self.timers.ticks, (3600.0, lambda database: sweep_all(database, kept))]
        if settings().trial:
            ticks.append((1.0, _follow_clock))
        return [self._loop(seconds, tick) for seconds, tick in ticks]

    def _loop(self, seconds: float, tick: Callable[[Database], None]) -> Callable[[], None]:
        return lambda: self.repeat(lambda: self._tick(tick), lambda: self.stopping.wait(seconds))

    def _tick(self, tick: Callable[[Database], None]) -> None:
        with beginning():
            tick(self.database)


def _follow_clock(database: Database) -> None:
    with database.reading() as session:
        read_clock(session)
