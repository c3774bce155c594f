"""What of registration depends on its encryption keys, besides encrypted columns and files."""

from sqlalchemy import select

from services.registration.commands.identities import count_unmarked, renew_marks
from services.registration.encrypted_kinds import RECOVERY, RING
from services.registration.models import RecoveryCode
from shared.database.unit import Database
from shared.messaging.models import JobRow, JobState
from shared.security.encryption import is_newest_index, is_under_earlier_key
from shared.security.reencryption import Keyed


def count_old_recovery_codes(database: Database) -> int:
    """How many recovery codes that were not used are known by an earlier key: nobody but their owner has the code."""
    with database.reading() as session:
        hashes = session.scalars(select(RecoveryCode.code_hash).where(RecoveryCode.used_at.is_(None))).all()
    return sum(not is_newest_index(RECOVERY, one) for one in hashes)


def count_old_jobs(database: Database) -> int:
    """How many jobs of before the newest key are still to be done: letters to addresses, answers to registrations."""
    with database.reading() as session:
        waiting = session.scalars(select(JobRow.payload).where(JobRow.state != JobState.DONE)).all()
    return sum(any(is_under_earlier_key(RING, str(value)) for value in payload.values()) for payload in waiting)


KEYED = (
    Keyed(RING, "hashes of NIKs", count_unmarked, renew_marks),
    Keyed(RING, "recovery codes (their owners make new ones under Akun saya)", count_old_recovery_codes),
    Keyed(RING, "jobs that wait (they are done within minutes; dead ones are discarded)", count_old_jobs),
)
