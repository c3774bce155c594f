"""The daily work, looked for every `KOMPETEN_TIMER_SECONDS` (a trial system's clock may jump)."""

from services.certificate import commands, webhooks
from shared.clock import today
from shared.database.unit import Database
from shared.messaging.timers import Timers
from shared.settings import settings

timers = Timers()


@timers.every(seconds=settings().timer_seconds)
def expire(database: Database) -> None:
    """A transaction for each handful, until there is none."""
    while True:
        with database.unit_of_work() as session:
            if not commands.expire_due(session, today()):
                return


@timers.every(seconds=settings().feed_seconds)
def tell_agencies(database: Database) -> None:
    """New public events get their place in the feed, and go to the webhooks."""
    webhooks.number(database)
    webhooks.postman(database).round()
