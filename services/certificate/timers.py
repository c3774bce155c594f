"""The work that time brings, looked for every `KOMPETEN_TIMER_SECONDS` (a trial system's clock may jump)."""

from services.certificate.agencies.timers import tell_agencies
from services.certificate.commands.life import expire_due_certificates
from services.certificate.trust.timers import check_store, stamp_new_certificates
from shared.clock import today
from shared.database.unit import Database
from shared.messaging.timers import Timers
from shared.settings import settings

timers = Timers()


@timers.every(seconds=settings().timer_seconds)
def expire_certificates(database: Database) -> None:
    """Write down which certificates have come to their end: a transaction for each handful, until there is none."""
    while True:
        with database.unit_of_work() as session:
            if not expire_due_certificates(session, today()):
                return


timers.every(seconds=settings().feed_seconds)(tell_agencies)
timers.every(seconds=settings().timer_seconds)(stamp_new_certificates)
timers.every(seconds=settings().timer_seconds)(check_store)
