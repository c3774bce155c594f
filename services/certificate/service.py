"""The certificate service: what it listens to, what it does later and by the clock, where it answers."""

from services.certificate.api import api
from services.certificate.jobs import jobs
from services.certificate.making import makers
from services.certificate.pages import MENU, pages
from services.certificate.reactions import reactions
from services.certificate.timers import timers
from services.certificate.words import LABELS
from shared.database.unit import Database
from shared.messaging.entrypoint import subscribe, take_in
from shared.messaging.providers import DatabaseProvider, JobsProvider, RelayProvider, RetryProvider, TimersProvider
from shared.runtime.web import WebProvider
from shared.web import App, create_app


def application(database: Database) -> App:
    """The web application over `database`."""
    return create_app(
        "certificate", database, api=api, pages=[pages], title="Certificates and their check", labels=LABELS, menu=MENU
    )


class CertificateService:
    name = "certificate"
    database = DatabaseProvider()
    relay = RelayProvider()
    retries = RetryProvider(reactions)
    jobs = JobsProvider(jobs, makers)
    timers = TimersProvider(timers)
    web = WebProvider(application)

    @subscribe(reactions)
    def take(self, bodies: list[bytes | str]) -> None:
        take_in(self.database, reactions, bodies)
