"""The meetings with their agenda, case by case: who keeps out, who said what, who decides."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.decision.commands import loading
from services.decision.domain.assembly import Sitting, find_decider, find_silent_members
from services.decision.domain.impartiality import Involved, find_conflicts
from services.decision.domain.roster import Term
from services.decision.domain.workflow import MeetingState
from services.decision.models import (
    AgendaItem,
    Decision,
    DecisionCase,
    ItemState,
    Meeting,
    MeetingMember,
    OpinionRow,
    Recommendation,
    Recusal,
)
from services.decision.queries import cases, officers
from services.decision.queries.sittings import (
    find_sittings,
    gather_involved,
    list_agenda,
    list_members,
    list_opinions,
    list_recommendations,
    list_recusals,
)
from services.decision.queries.views import ItemView, MeetingSummary, MeetingView, MemberView, RecusalView
from services.decision.queries.withheld import list_withheld
from shared import clock
from shared.pagination import Page, PageQuery, paginate
from shared.security.actor import Actor

Row = TypeVar("Row", Recusal, OpinionRow)


def list_meetings(session: Session, query: PageQuery) -> Page[MeetingSummary]:
    """A page of the meetings in the state asked for, the latest first."""
    statement = select(Meeting).order_by(Meeting.at.desc())
    if query.status:
        statement = statement.where(Meeting.state == query.status)
    return paginate(session, statement, query, describe_meeting_line)


def describe_meeting_line(row: Meeting) -> MeetingSummary:
    """The meeting as one line of a list."""
    return MeetingSummary.model_validate(row, from_attributes=True)


def view_meeting(session: Session, actor: Actor, meeting_id: UUID) -> MeetingView:
    """One meeting with its whole agenda, in a fixed number of queries. Raises NotFound `meeting-unknown`.

    Of cases the actor keeps out of it tells that they are there, and not what is recommended or said (R1).
    """
    meeting = loading.load_meeting(session, meeting_id)
    seats = list_members(session, meeting.id)
    items = _items(session, actor, meeting, seats)
    return MeetingView(
        **describe_meeting_line(meeting).model_dump(),
        opened_by_name=meeting.opened_by_name,
        closed_by_name=meeting.closed_by_name,
        members=[MemberView.model_validate(seat, from_attributes=True) for seat in seats],
        items=items,
        decided=sum(item.state == ItemState.DECIDED for item in items),
        waiting=sum(item.state == ItemState.PENDING for item in items),
    )


def view_meeting_case(
    session: Session, actor: Actor, meeting_id: UUID, case_id: UUID
) -> tuple[MeetingView, ItemView | None]:
    """The meeting and the one case of it; None when it is not on the agenda."""
    meeting = view_meeting(session, actor, meeting_id)
    return meeting, next((one for one in meeting.items if one.case.id == case_id), None)


def _items(session: Session, actor: Actor, meeting: Meeting, seats: list[MeetingMember]) -> list[ItemView]:
    agenda = list_agenda(session, meeting.id)
    rows = {row.id: row for row in session.scalars(select(DecisionCase).where(DecisionCase.id.in_(agenda)))}
    recommended = list_recommendations(session, list(agenda))
    found = find_sittings(session, meeting, list(agenda))
    involved = gather_involved(session, list(rows.values()), recommended)
    kept_out, said = _by_case(list_recusals(session, meeting.id)), _by_case(list_opinions(session, meeting.id))
    decided = {row.case_id: row for row in session.scalars(select(Decision).where(Decision.meeting_id == meeting.id))}
    terms = officers.list_terms(session)
    withheld = list_withheld(session, actor, list(rows.values()))
    return [
        _item(
            meeting,
            place,
            rows[case_id],
            recommended[case_id],
            involved[case_id],
            found[case_id],
            terms,
            kept_out[case_id],
            said[case_id],
            decided.get(case_id),
            seats,
            case_id in withheld and place.attempt == rows[case_id].attempt,
        )
        for case_id, place in agenda.items()
    ]


def _item(
    meeting: Meeting,
    place: AgendaItem,
    row: DecisionCase,
    recommended: list[Recommendation],
    involved: Involved,
    sitting: Sitting,
    terms: list[Term],
    kept_out: list[Recusal],
    said: list[OpinionRow],
    decision: Decision | None,
    seats: list[MeetingMember],
    withheld: bool,
) -> ItemView:
    pending = next((one for one in recommended if one.attempt == place.attempt), None)
    deciding = find_decider(terms, sitting.recused, clock.today(), meeting.opened_at or clock.now())
    waiting = find_silent_members(sitting, deciding.account) if deciding else sitting.eligible - sitting.spoken
    shown = [cases.describe_recusal(one) for one in kept_out]
    if meeting.state == MeetingState.CALLED:
        shown += _foreseen(row, involved, seats)
    return ItemView(
        case=cases.describe_decision_case_line(row),
        attempt=place.attempt,
        position=place.position,
        state=ItemState(place.state),
        note=place.note,
        units=cases.describe_case_units(row, pending, withheld=withheld),
        assessor_name=pending.assessor_name if pending else "",
        assessor_note=pending.note if pending and not withheld else "",
        recusals=shown,
        opinions=[] if withheld else [cases.describe_opinion(one) for one in said],
        decider=deciding.account if deciding else None,
        acting_for_chair=deciding.acting if deciding else False,
        eligible=len(sitting.eligible),
        outstanding=sorted(waiting),
        decision=cases.describe_decision(decision) if decision else None,
        withheld=withheld,
    )


def _foreseen(row: DecisionCase, involved: Involved, seats: Iterable[MeetingMember]) -> list[RecusalView]:
    """Conflicts the records show already before the meeting is opened, when they are recorded (R1)."""
    return [
        RecusalView(
            case_id=row.id,
            member_id=seat.account_id,
            member_name=seat.name,
            ground=ground,
            reason="",
            automatic=True,
            recorded_at=clock.now(),
        )
        for seat in seats
        for ground in find_conflicts(involved, seat.account_id)
    ]


def _by_case(rows: Iterable[Row]) -> Mapping[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.case_id].append(row)
    return found


def count_decided(session: Session, meeting_id: UUID) -> tuple[int, int]:
    """How many cases of the meeting are decided, and how many are on its agenda."""
    states = [place.state for place in list_agenda(session, meeting_id).values()]
    return states.count(ItemState.DECIDED), len(states)
