"""Members kept out of a case: by what they declare, and by the records, which are asked again at every act."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from services.decision.commands.declaring import close_dossier
from services.decision.domain.impartiality import Ground, find_conflicts
from services.decision.models import DecisionCase, ItemState, Meeting, MeetingMember, OpinionRow, Recusal
from services.decision.queries.sittings import (
    gather_involved,
    list_agenda,
    list_members,
    list_recommendations,
    list_recusals,
)
from shared import audit
from shared.security.actor import SYSTEM, Actor


def keep_conflicted_out(session: Session, meeting: Meeting, cases: Iterable[DecisionCase]) -> None:
    """Recuse every member, present or not, who by the records may not take part in deciding a case (R1, R25).

    Of `cases` those count that wait on the agenda of this meeting. What other stages have told since the last time
    counts from now on. Does nothing to what is recorded already.
    """
    agenda = list_agenda(session, meeting.id)
    waiting = [case for case in cases if case.id in agenda and agenda[case.id].state == ItemState.PENDING]
    members = list_members(session, meeting.id)
    involved = gather_involved(session, waiting, list_recommendations(session, [case.id for case in waiting]))
    known = {(row.case_id, row.member_id, row.ground) for row in list_recusals(session, meeting.id)}
    for case in waiting:
        for member in members:
            for ground in find_conflicts(involved[case.id], member.account_id):
                if (case.id, member.account_id, ground.value) not in known:
                    record_recusal(session, SYSTEM, meeting, case, member, ground)


def record_recusal(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    case: DecisionCase,
    member: MeetingMember,
    ground: Ground,
    reason: str = "",
) -> Recusal:
    """Keep the member out of the case: found by the system itself, or declared by `actor`.

    What the member said on it goes and the recusal stays, for it must not count (ISO/IEC 17024 9.4); the audit log
    keeps it.
    """
    row = Recusal(
        meeting_id=meeting.id,
        case_id=case.id,
        member_id=member.account_id,
        member_name=member.name,
        ground=ground.value,
        reason=reason,
        automatic=actor is SYSTEM,
        recorded_by_name=actor.name,
    )
    session.add(row)
    spoken = session.get(OpinionRow, (meeting.id, case.id, member.account_id))
    if spoken is not None:
        session.delete(spoken)
    session.flush()
    close_dossier(session, case, member.account_id)
    audit.record_act(
        session,
        actor,
        "case:recuse",
        case.subject,
        {"opinion": spoken.opinion} if spoken is not None else None,
        {"member": str(member.account_id), "ground": ground.value, "meeting": str(meeting.id)},
    )
    return row
