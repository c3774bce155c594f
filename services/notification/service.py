"""The notification service: a pure listener that writes mails and sends them."""

from services.notification.api import api
from services.notification.domain import STATE_NAMES
from services.notification.jobs import jobs
from services.notification.pages import menu, pages
from services.notification.reactions import reactions
from shared.database.unit import Database
from shared.messaging.entrypoint import subscribe, take_in
from shared.messaging.providers import DatabaseProvider, JobsProvider, RetryProvider, TimersProvider
from shared.messaging.timers import Timers
from shared.runtime.web import WebProvider
from shared.web import App, create_app


def application(database: Database) -> App:
    """The web application over `database`."""
    return create_app(
        "notification",
        database,
        api=api,
        pages=[pages],
        title="Notification",
        labels=STATE_NAMES,
        menu=menu(),
    )


class NotificationService:
    name = "notification"
    database = DatabaseProvider()
    retries = RetryProvider(reactions)
    jobs = JobsProvider(jobs)
    timers = TimersProvider(Timers())
    web = WebProvider(application)

    @subscribe(reactions)
    def take(self, bodies: list[bytes | str]) -> None:
        take_in(self.database, reactions, bodies)
