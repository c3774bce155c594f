"""The daily work, looked for every `KOMPETEN_TIMER_SECONDS` (a trial system's clock may jump)."""

import logging

from services.certificate import commands, webhooks
from services.certificate.commands import store_check, timestamping
from shared.clock import today
from shared.database.unit import Database
from shared.messaging.timers import Timers
from shared.objectstore import StoreUnavailable
from shared.settings import settings

log = logging.getLogger(__name__)

timers = Timers()


@timers.every(seconds=settings().timer_seconds)
def expire_certificates(database: Database) -> None:
    """A transaction for each handful, until there is none."""
    while True:
        with database.unit_of_work() as session:
            if not commands.expire_due_certificates(session, today()):
                return


@timers.every(seconds=settings().feed_seconds)
def tell_agencies(database: Database) -> None:
    """New public events get their place in the feed, and go to the webhooks."""
    webhooks.number_new_events(database)
    webhooks.find_postman(database).round()


@timers.every(seconds=settings().timer_seconds)
def stamp_new_certificates(database: Database) -> None:
    """New certificates of the register come under a time stamp, where an authority is named."""
    timestamping.stamp_register(database)


@timers.every(seconds=settings().timer_seconds)
def check_store(database: Database) -> None:
    """Register and store are compared once a day; a check that was interrupted goes on."""
    try:
        store_check.check_store_daily(database)
    except StoreUnavailable as error:
        log.warning("the check of the store waits: %s", error)
