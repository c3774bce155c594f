"""The background of a service as nameko dependency providers: each loop in a greenlet of its own."""

from collections.abc import Callable
from typing import Any

from nameko.extensions import DependencyProvider

from shared.database.opened import database_of
from shared.database.unit import Database
from shared.messaging.background import Background, Relaying, Retrying, Ticking, Working
from shared.messaging.jobs import Jobs
from shared.messaging.reactions import Reactions
from shared.messaging.timers import Timers
from shared.observability.vitals import Probe
from shared.observability.watching import Watching
from shared.runtime.pool import Pool


class DatabaseProvider(DependencyProvider):
    """Gives the service's methods their database."""

    def get_dependency(self, _context: Any) -> Database:
        return database_of(self.container.service_name)


class BackgroundProvider(DependencyProvider):
    """Runs one part of the background as long as the service runs."""

    def setup(self) -> None:
        self.background = self.make(database_of(self.container.service_name))
        self.threads: list[Any] = []

    def start(self) -> None:
        self.background.begin()
        self.threads = [self.container.spawn_managed_thread(loop) for loop in self.background.loops()]

    def stop(self) -> None:
        self.background.ask_to_stop()
        for thread in self.threads:
            thread.wait()
        self.background.end()

    def make(self, database: Database) -> Background:
        """The part of the background that this provider runs."""
        raise NotImplementedError


class RelayProvider(BackgroundProvider):
    """Publishes the outbox; `tells_agencies`: beside it, what is for other agencies."""

    def __init__(self, *, tells_agencies: bool = False) -> None:
        self.tells_agencies = tells_agencies

    def make(self, database: Database) -> Background:
        return Relaying(database, tells_agencies=self.tells_agencies)


class RetryProvider(BackgroundProvider):
    """Tries again what waits in the inbox."""

    def __init__(self, reactions: Reactions) -> None:
        self.reactions = reactions

    def make(self, database: Database) -> Background:
        return Retrying(database, self.reactions)


class JobsProvider(BackgroundProvider):
    """Does the jobs; `workers` are the processes they are done with, if any."""

    def __init__(self, jobs: Jobs, workers: Callable[[], Pool] | None = None) -> None:
        self.jobs = jobs
        self.workers = workers

    def make(self, database: Database) -> Background:
        return Working(database, self.jobs, self.workers)


class TimersProvider(BackgroundProvider):
    """Calls the service's timers."""

    def __init__(self, timers: Timers) -> None:
        self.timers = timers

    def make(self, database: Database) -> Background:
        return Ticking(database, self.timers)


class WatchProvider(BackgroundProvider):
    """Asks the parts that the service needs whether they are there, and measures the loop."""

    def __init__(self, make_probes: Callable[[], list[Probe]]) -> None:
        self.make_probes = make_probes

    def make(self, database: Database) -> Background:
        return Watching(database, self.make_probes())
