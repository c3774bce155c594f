"""The decision service: what it listens to, what it does by the clock and after transactions, where it answers."""

from services.decision.api import api
from services.decision.jobs import jobs
from services.decision.pages import MENU, pages
from services.decision.reactions import reactions
from services.decision.timers import timers
from services.decision.words import LABELS
from shared.database.unit import Database
from shared.messaging.entrypoint import subscribe, take_in
from shared.messaging.providers import DatabaseProvider, JobsProvider, RelayProvider, RetryProvider, TimersProvider
from shared.runtime.web import WebProvider
from shared.web import App, create_app


def application(database: Database) -> App:
    """The web application over `database`."""
    return create_app(
        "decision",
        database,
        api=api,
        pages=[pages],
        title="Decisions and appeals",
        labels=LABELS,
        menu=MENU,
    )


class DecisionService:
    name = "decision"
    database = DatabaseProvider()
    relay = RelayProvider()
    retries = RetryProvider(reactions)
    jobs = JobsProvider(jobs)
    timers = TimersProvider(timers)
    web = WebProvider(application)

    @subscribe(reactions)
    def take(self, bodies: list[bytes | str]) -> None:
        take_in(self.database, reactions, bodies)
