"""Members whom the records keep out of a case: asked at the opening of a meeting, and again at every act in it."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.orm import Session

from services.decision.domain.impartiality import Ground, find_conflicts
from services.decision.models import DecisionCase, Meeting, MeetingMember, OpinionRow, Recusal
from services.decision.queries.sittings import gather_involved, list_members, list_recommendations, list_recusals
from shared import audit
from shared.security.actor import SYSTEM


def keep_conflicted_out(session: Session, meeting: Meeting, cases: Iterable[DecisionCase]) -> None:
    """Recuse every member, present or not, who by the records may not take part in deciding a case (R1, R25).

    What other stages have told since the last time counts from now on; the opinion of whoever is kept out goes, for it
    must not count (ISO/IEC 17024 9.4). Does nothing to what is recorded already.
    """
    asked = list(cases)
    members = list_members(session, meeting.id)
    involved = gather_involved(session, asked, list_recommendations(session, [case.id for case in asked]))
    known = {(row.case_id, row.member_id, row.ground) for row in list_recusals(session, meeting.id)}
    for case in asked:
        for member in members:
            for ground in find_conflicts(involved[case.id], member.account_id):
                if (case.id, member.account_id, ground.value) not in known:
                    _recuse(session, meeting, case, member, ground)
    session.flush()


def take_opinion_out(session: Session, meeting: Meeting, case: DecisionCase, member: UUID) -> str | None:
    """Delete what the member said on the case, and return it; None when that was nothing. The audit log keeps it."""
    spoken = session.get(OpinionRow, (meeting.id, case.id, member))
    if spoken is None:
        return None
    session.delete(spoken)
    return str(spoken.opinion)


def _recuse(session: Session, meeting: Meeting, case: DecisionCase, member: MeetingMember, ground: Ground) -> None:
    session.add(
        Recusal(
            meeting_id=meeting.id,
            case_id=case.id,
            member_id=member.account_id,
            member_name=member.name,
            ground=ground.value,
            automatic=True,
            recorded_by_name=SYSTEM.name,
        )
    )
    said = take_opinion_out(session, meeting, case, member.account_id)
    audit.record_act(
        session,
        SYSTEM,
        "case:recuse",
        case.subject,
        None if said is None else {"opinion": said},
        {"member": str(member.account_id), "ground": ground.value, "meeting": str(meeting.id)},
    )
