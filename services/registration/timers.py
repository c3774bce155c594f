"""What time brings: first accounts and missing photos, looked for at the start, and old sessions forgotten."""

from services.registration.commands.accounts import hash_wanted_password
from services.registration.commands.first_accounts import list_missing_accounts, open_unless_made
from services.registration.commands.photos import enqueue_missing_photos
from services.registration.commands.sessions import list_session_retentions
from services.registration.document_store import UPLOADS
from services.registration.kept_files import REGISTERS
from shared.database.unit import Database
from shared.kept_files.comparing import check_files_unless_away
from shared.messaging.timers import Timers
from shared.objectstore import object_store
from shared.objectstore.orphans import sweep_orphans

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
    for wanted in missing:
        password_hash = hash_wanted_password(wanted)
        with database.unit_of_work() as session:
            open_unless_made(session, wanted, password_hash)


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
