"""What time brings: first accounts and missing photos, looked for at the start, and old sessions forgotten."""

import logging

from services.registration.commands.first_accounts import close_demo_accounts, list_missing_accounts, open_unless_made
from services.registration.commands.photos import enqueue_missing_photos
from services.registration.commands.sessions import list_session_retentions
from services.registration.document_store import UPLOADS
from services.registration.kept_files import REGISTERS
from shared.database.unit import Database
from shared.kept_files.comparing import check_files_unless_away
from shared.messaging.timers import Timers
from shared.objectstore import object_store
from shared.objectstore.orphans import sweep_orphans
from shared.security.passwords import hash_password
from shared.settings import settings

log = logging.getLogger(__name__)

timers = Timers()
HOUR = 3600.0
DAY = 24 * HOUR

for _retention in list_session_retentions():
    timers.keeps(_retention)


@timers.every(seconds=HOUR)
def open_first_accounts(database: Database) -> None:
    """The administrator of the settings, and on a trial system the demo accounts, where they are missing."""
    with database.reading() as session:
        missing = list_missing_accounts(session)
    demo = settings().demo_password
    demo_hash = hash_password(demo) if missing and settings().trial and demo else None
    for wanted in missing:
        with database.unit_of_work() as session:
            open_unless_made(session, wanted, demo_hash)


@timers.every(seconds=HOUR)
def close_demo(database: Database) -> None:
    """A system that was a trial and is none any more: the accounts whose password everybody knows are closed."""
    with database.unit_of_work() as session:
        for account in close_demo_accounts(session):
            log.warning("the demo's account %s was deactivated: this system is no trial", account.id)


@timers.every(seconds=HOUR)
def prepare_missing_photos(database: Database) -> None:
    """Files that came in before photos were prepared for the certificate."""
    with database.unit_of_work() as session:
        enqueue_missing_photos(session)


@timers.every(seconds=DAY)
def sweep_orphaned_uploads(database: Database) -> None:
    """Documents that were stored and whose row never came: nobody could see or erase them (UU 27/2022)."""
    sweep_orphans(database, object_store(), UPLOADS)


@timers.every(seconds=HOUR)
def check_kept_files(database: Database) -> None:
    """Register and store are compared once a day, every file is read once a week; what was interrupted goes on."""
    check_files_unless_away(database, REGISTERS)
