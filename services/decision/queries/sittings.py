"""The cases of a meeting as the rules look at them: who is there, who keeps out, who has spoken."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.decision.domain.assembly import Sitting
from services.decision.domain.impartiality import Involved
from services.decision.models import (
    AgendaItem,
    DecisionCase,
    Meeting,
    MeetingMember,
    OpinionRow,
    Recommendation,
    Recusal,
)
from shared.contracts.words import Involvement
from shared.involvement.reading import read_involvements
from shared.involvement.record import InvolvementRecord
from shared.security.roles import Role

ASSESSING = (Involvement.ASSIGNED, Involvement.PRE_ASSESSED, Involvement.ASSESSED)
"""Parts of an assessor, also of one who was released before anything was recommended."""


def list_agenda(session: Session, meeting_id: UUID) -> dict[UUID, AgendaItem]:
    """The agenda of the meeting in its order, by case id."""
    statement = (
        select(AgendaItem)
        .where(AgendaItem.meeting_id == meeting_id)
        .order_by(AgendaItem.position)
        .execution_options(populate_existing=True)  # somebody else may have decided since this session read it
    )
    return {row.case_id: row for row in session.scalars(statement)}


def list_members(session: Session, meeting_id: UUID) -> list[MeetingMember]:
    """The members of the meeting, in the order of the offices."""
    order = {office.value: place for place, office in enumerate(Role)}
    rows = session.scalars(select(MeetingMember).where(MeetingMember.meeting_id == meeting_id))
    return sorted(rows, key=lambda row: order[row.office])


def find_sittings(session: Session, meeting: Meeting, case_ids: Collection[UUID]) -> dict[UUID, Sitting]:
    """Case id -> who is present, keeps out and has spoken; in three queries however many cases there are."""
    present = frozenset(member.account_id for member in list_members(session, meeting.id) if member.present)
    recused: dict[UUID, set[UUID]] = defaultdict(set)
    for case_id, member_id in session.execute(
        select(Recusal.case_id, Recusal.member_id).where(
            Recusal.meeting_id == meeting.id, Recusal.case_id.in_(case_ids)
        )
    ):
        recused[case_id].add(member_id)
    spoken: dict[UUID, set[UUID]] = defaultdict(set)
    for case_id, member_id in session.execute(
        select(OpinionRow.case_id, OpinionRow.member_id).where(
            OpinionRow.meeting_id == meeting.id, OpinionRow.case_id.in_(case_ids)
        )
    ):
        spoken[case_id].add(member_id)
    return {
        case_id: Sitting(present, frozenset(recused[case_id]), frozenset(spoken[case_id]), meeting.quorum)
        for case_id in case_ids
    }


def list_recusals(session: Session, meeting_id: UUID) -> list[Recusal]:
    """Who kept out of which case of the meeting, in the order it was recorded."""
    statement = select(Recusal).where(Recusal.meeting_id == meeting_id).order_by(Recusal.recorded_at)
    return list(session.scalars(statement))


def list_opinions(session: Session, meeting_id: UUID) -> list[OpinionRow]:
    """What the members of the meeting said, in the order they said it."""
    statement = select(OpinionRow).where(OpinionRow.meeting_id == meeting_id).order_by(OpinionRow.given_at)
    return list(session.scalars(statement))


def list_recommendations(session: Session, case_ids: Collection[UUID]) -> dict[UUID, list[Recommendation]]:
    """What was recommended for each case, attempt by attempt."""
    found: dict[UUID, list[Recommendation]] = {case_id: [] for case_id in case_ids}
    statement = select(Recommendation).where(Recommendation.case_id.in_(case_ids)).order_by(Recommendation.attempt)
    for row in session.scalars(statement):
        found[row.case_id].append(row)
    return found


def gather_involved(
    session: Session, cases: Collection[DecisionCase], recommended: Mapping[UUID, Iterable[Recommendation]]
) -> dict[UUID, Involved]:
    """Case id -> who had a hand in it, by the record of all stages and by its recommendations (R1, R25)."""
    records = read_involvements(session, {case.id: case.applicant_id for case in cases})
    return {case.id: _gather(case, records[case.id], list(recommended[case.id])) for case in cases}


def gather_involved_in_appeal(session: Session, case: DecisionCase) -> Involved:
    """As `gather_involved`, with everybody who sat in a meeting that has it on its agenda (R7)."""
    involved = gather_involved(session, [case], list_recommendations(session, [case.id]))[case.id]
    return replace(involved, decision_makers=involved.decision_makers | list_decision_makers(session, case.id))


def _gather(case: DecisionCase, record: InvolvementRecord, recommended: list[Recommendation]) -> Involved:
    return Involved(
        applicant=case.applicant_id,
        assessors=record.list_people(*ASSESSING) | {row.assessor_id for row in recommended},
        verifiers=record.list_people(Involvement.VERIFIED) | {row.verifier_id for row in recommended},
        decision_makers=record.list_people(Involvement.DECIDED),
        tied=record.list_people(Involvement.TIED),
        trainers=record.list_people(Involvement.TRAINED),
    )


def list_decision_makers(session: Session, case_id: UUID) -> set[UUID]:
    """Everybody who sat in a meeting that decided this case, recused or not: none of them hears its appeal (R7)."""
    statement = (
        select(MeetingMember.account_id)
        .join(AgendaItem, AgendaItem.meeting_id == MeetingMember.meeting_id)
        .where(AgendaItem.case_id == case_id, MeetingMember.present)
    )
    return set(session.scalars(statement))
