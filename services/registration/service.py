"""The registration service: what it listens to, what it does at the start, where it answers."""

from services.registration.api import api
from services.registration.jobs import jobs
from services.registration.pages import MENU, pages
from services.registration.reactions import reactions
from services.registration.timers import timers
from services.registration.words import LABELS
from shared.database.unit import Database
from shared.messaging.entrypoint import subscribe, take_in
from shared.messaging.providers import DatabaseProvider, JobsProvider, RelayProvider, RetryProvider, TimersProvider
from shared.runtime.web import WebProvider
from shared.web import App, create_app
from shared.web.audit_pages import make_audit_pages


def application(database: Database) -> App:
    """The web application over `database`."""
    return create_app(
        "registration",
        database,
        api=api,
        pages=[pages, make_audit_pages("registration")],
        title="Accounts and applications",
        labels=LABELS,
        menu=MENU,
    )


class RegistrationService:
    name = "registration"
    database = DatabaseProvider()
    relay = RelayProvider()
    retries = RetryProvider(reactions)
    jobs = JobsProvider(jobs)
    timers = TimersProvider(timers)
    web = WebProvider(application)

    @subscribe(reactions)
    def take(self, bodies: list[bytes | str]) -> None:
        take_in(self.database, reactions, bodies)
