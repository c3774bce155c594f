"""The surveillance service: what it listens to, what it does by the clock, where it answers."""

from services.surveillance.api import api
from services.surveillance.pages import MENU, pages
from services.surveillance.reactions import reactions
from services.surveillance.timers import timers
from services.surveillance.words import LABELS
from shared.database.unit import Database
from shared.messaging.entrypoint import subscribe, take_in
from shared.messaging.providers import DatabaseProvider, RelayProvider, RetryProvider, TimersProvider
from shared.runtime.web import WebProvider
from shared.web import App, create_app


def application(database: Database) -> App:
    """The web application over `database`."""
    return create_app(
        "surveillance",
        database,
        api=api,
        pages=[pages],
        title="Surveillance and recertification",
        labels=LABELS,
        menu=MENU,
    )


class SurveillanceService:
    name = "surveillance"
    database = DatabaseProvider()
    relay = RelayProvider()
    retries = RetryProvider(reactions)
    timers = TimersProvider(timers)
    web = WebProvider(application)

    @subscribe(reactions)
    def take(self, bodies: list[bytes | str]) -> None:
        take_in(self.database, reactions, bodies)
