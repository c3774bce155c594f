"""The daily work, looked for every `KOMPETEN_TIMER_SECONDS` (a trial system's clock may jump)."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from services.surveillance import commands
from services.surveillance.body_settings import body_settings
from services.surveillance.document_store import UPLOADS
from services.surveillance.kept_files import REGISTERS
from shared.clock import today
from shared.database.unit import Database
from shared.kept_files.comparing import check_files_unless_away
from shared.messaging.timers import Timers
from shared.objectstore import object_store
from shared.objectstore.orphans import sweep_orphans
from shared.settings import settings

timers = Timers()
HOUR = 3600.0
DAY = 24 * HOUR


@timers.every(seconds=settings().timer_seconds)
def advance_reports(database: Database) -> None:
    """Open, remind, mark overdue and invite as the day says.

    What has ended lapses first, so that nobody is reminded of it.
    """
    day, known = today(), body_settings()
    window = settings().surveillance_window_days
    _exhaust(database, lambda session: commands.lapse_ended_reports(session, day))
    _exhaust(database, lambda session: commands.open_report_windows(session, day, window, known.reminder_days))
    _exhaust(database, lambda session: commands.mark_reports_overdue(session, day))
    _exhaust(database, lambda session: commands.remind_holders(session, day, known.reminder_days))
    _exhaust(database, lambda session: commands.invite_to_renew(session, day, known.invitation_days))


@timers.every(seconds=DAY)
def sweep_orphaned_evidence(database: Database) -> None:
    """Evidence that was stored and whose row never came: nobody could see or erase it (UU 27/2022)."""
    sweep_orphans(database, object_store(), UPLOADS)


@timers.every(seconds=HOUR)
def check_kept_files(database: Database) -> None:
    """Register and store are compared once a day, every file is read once a week; what was interrupted goes on."""
    check_files_unless_away(database, REGISTERS)


def _exhaust(database: Database, step: Callable[[Session], int]) -> None:
    """Call `step` with a transaction of its own for each batch, until it finds nothing to do."""
    while True:
        with database.unit_of_work() as session:
            if not step(session):
                return
