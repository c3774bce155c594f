"""What waits for whom: since when, until when."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.decision.access import MANAGING_OFFICERS, NAMERS, OFFICE_KEEPERS
from services.decision.domain.roster import OFFICES, find_holder
from services.decision.domain.workflow import AppealState, CaseState, MeetingState
from services.decision.models import Appeal, DecisionCase, ItemState, Meeting, PanelMember
from services.decision.queries import appeals, meetings, officers
from services.decision.queries.panels import keep_seated, list_panel
from services.decision.queries.views import MeetingView
from shared import clock
from shared.security.actor import Actor
from shared.security.roles import Role


class Kind(StrEnum):
    """What is to be done."""

    FILL_OFFICE = "fill_office"
    ANSWER_PROPOSAL = "answer_proposal"
    CALL_MEETING = "call_meeting"
    OPEN_MEETING = "open_meeting"
    CLOSE_MEETING = "close_meeting"
    GIVE_OPINION = "give_opinion"
    DECIDE = "decide"
    NAME_PANEL = "name_panel"
    VOTE = "vote"
    CONCLUDE = "conclude"
    MAY_APPEAL = "may_appeal"
    MAY_REASSESS = "may_reassess"


class Work(BaseModel):
    """One thing that waits. `record` is the id of the meeting, case or appeal; `count` how many cases it holds."""

    kind: Kind
    record: UUID | None
    title: str
    count: int = 1
    since: datetime | None = None
    until: datetime | None = None
    office: str = ""


def list_decision_work(session: Session, actor: Actor) -> list[Work]:
    """What waits for the actor: as administrator, as officer or secretariat, on panels, and as a candidate."""
    found: list[Work] = []
    if actor.has(*OFFICE_KEEPERS):
        found += _offices(session)
    office = officers.find_office_today(session, actor.id)
    if actor.has(Role.SECRETARIAT) or office in MANAGING_OFFICERS:
        found += _managing(session)
    if office is not None:
        found += _answering(session, actor)
        found += _speaking(session, actor)
    if office in NAMERS:
        found += _naming(session)
    return found + _hearing(session, actor) + _own(session, actor)


def _offices(session: Session) -> list[Work]:
    terms = officers.list_terms(session)
    empty = [office for office in OFFICES if find_holder(terms, office, clock.today()) is None]
    return [Work(kind=Kind.FILL_OFFICE, record=None, title="", office=office) for office in empty]


def _answering(session: Session, actor: Actor) -> list[Work]:
    rows = [officers.view_proposal(session, row, actor) for row in officers.list_proposals(session)]
    return [
        Work(
            kind=Kind.ANSWER_PROPOSAL,
            record=row.id,
            title=row.name,
            since=row.proposed_at,
            until=row.expires_at,
            office=row.office,
        )
        for row in rows
        if row.may_answer
    ]


def _managing(session: Session) -> list[Work]:
    statement = (
        select(DecisionCase.state_since)
        .where(DecisionCase.state == CaseState.AWAITING_MEETING)
        .order_by(DecisionCase.state_since)
    )
    since = list(session.scalars(statement))
    found = [Work(kind=Kind.CALL_MEETING, record=None, title="", count=len(since), since=since[0])] if since else []
    states = {MeetingState.CALLED: Kind.OPEN_MEETING, MeetingState.OPEN: Kind.CLOSE_MEETING}
    for row in session.scalars(select(Meeting).where(Meeting.state.in_(states)).order_by(Meeting.at)):
        kind = states[MeetingState(row.state)]
        found.append(Work(kind=kind, record=row.id, title=row.place, since=row.opened_at, until=row.at))
    return found


def _speaking(session: Session, actor: Actor) -> list[Work]:
    statement = select(Meeting.id).where(Meeting.state == MeetingState.OPEN).order_by(Meeting.at)
    found = []
    for meeting_id in session.scalars(statement):
        meeting = meetings.view_meeting(session, actor, meeting_id)
        for kind, count in (
            (Kind.GIVE_OPINION, _to_speak(meeting, actor)),
            (Kind.DECIDE, _to_decide(meeting, actor)),
        ):
            if count:
                found.append(
                    Work(kind=kind, record=meeting.id, title=meeting.place, count=count, since=meeting.opened_at)
                )
    return found


def _to_speak(meeting: MeetingView, actor: Actor) -> int:
    return sum(item.state == ItemState.PENDING and actor.id in item.outstanding for item in meeting.items)


def _to_decide(meeting: MeetingView, actor: Actor) -> int:
    return sum(item.case.state == CaseState.DISCUSSED and item.decider == actor.id for item in meeting.items)


def _naming(session: Session) -> list[Work]:
    open_states = [AppealState.RECEIVED, AppealState.IN_REVIEW]
    found = []
    for row in session.scalars(select(Appeal).where(Appeal.state.in_(open_states)).order_by(Appeal.received_at)):
        if row.state == AppealState.RECEIVED or len(keep_seated(list_panel(session, row))) < 3:
            title = appeals.describe_appeal_line(session, row).applicant_name
            found.append(Work(kind=Kind.NAME_PANEL, record=row.id, title=title, since=row.received_at))
    return found


def _hearing(session: Session, actor: Actor) -> list[Work]:
    statement = (
        select(Appeal, PanelMember)
        .join(PanelMember, PanelMember.appeal_id == Appeal.id)
        .where(
            PanelMember.account_id == actor.id,
            PanelMember.declined_at.is_(None),
            Appeal.state == AppealState.IN_REVIEW,
        )
        .order_by(Appeal.received_at)
    )
    found = []
    for row, seat in session.execute(statement):
        members = keep_seated(list_panel(session, row))
        ready = len(members) == 3 and all(member.vote for member in members)
        if seat.vote is None or ready:
            kind = Kind.CONCLUDE if ready else Kind.VOTE
            title = appeals.describe_appeal_line(session, row).applicant_name
            found.append(Work(kind=kind, record=row.id, title=title, since=seat.named_at))
    return found


def _own(session: Session, actor: Actor) -> list[Work]:
    now = clock.now()
    statement = select(DecisionCase).where(
        DecisionCase.applicant_id == actor.id,
        DecisionCase.state == CaseState.DECIDED_BK,
        or_(DecisionCase.appeal_until >= now, DecisionCase.reassess_until >= now),
    )
    return [
        Work(
            kind=kind,
            record=row.id,
            title=row.scheme_title,
            since=row.decided_at,
            until=until,
        )
        for row in session.scalars(statement)
        for kind, until in ((Kind.MAY_APPEAL, row.appeal_until), (Kind.MAY_REASSESS, row.reassess_until))
        if until is not None and until >= now
    ]
