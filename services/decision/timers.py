"""What time brings: a BK decision after which nobody chose a way on in time is final (process 2.10)."""

from sqlalchemy import or_, select

from services.decision.commands.closing import Closing, close_case
from services.decision.commands.officers import LAPSED_AT_ONCE, let_proposals_lapse
from services.decision.domain.workflow import CaseState
from services.decision.kept_files import REGISTERS
from services.decision.models import DecisionCase
from shared import clock
from shared.database.unit import Database
from shared.kept_files.comparing import check_files_unless_away
from shared.messaging.timers import Timers
from shared.security.actor import SYSTEM
from shared.settings import settings

timers = Timers()
BATCH = 200
HOUR = 3600.0


@timers.every(seconds=settings().timer_seconds)
def close_lapsed(database: Database) -> None:
    """Close the BK cases whose time limits have passed. Replicas may do it at once: rows another holds are skipped."""
    while _close_some(database) == BATCH:
        pass


@timers.every(seconds=settings().timer_seconds)
def end_unanswered_proposals(database: Database) -> None:
    """Let proposals about offices lapse that no officer answered in time (decision 101)."""
    while True:
        with database.unit_of_work() as session:
            if let_proposals_lapse(session) < LAPSED_AT_ONCE:
                return


@timers.every(seconds=HOUR)
def check_kept_files(database: Database) -> None:
    """Register and store are compared once a day, every file is read once a week; what was interrupted goes on."""
    check_files_unless_away(database, REGISTERS)


def _close_some(database: Database) -> int:
    with database.unit_of_work() as session:
        statement = (
            select(DecisionCase)
            .where(
                DecisionCase.state == CaseState.DECIDED_BK,
                or_(DecisionCase.appeal_until.is_(None), DecisionCase.appeal_until < clock.now()),
                or_(DecisionCase.reassess_until.is_(None), DecisionCase.reassess_until < clock.now()),
            )
            .order_by(DecisionCase.state_since)
            .limit(BATCH)
            .with_for_update(skip_locked=True)  # of two replicas each takes what the other leaves
        )
        cases = list(session.scalars(statement))
        for case in cases:
            close_case(session, SYSTEM, case, Closing.LAPSED)
    return len(cases)
