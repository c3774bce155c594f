"""Calling a meeting and what is on its agenda (process 2.8)."""

from collections.abc import Collection, Iterable
from datetime import datetime, time, timedelta
from uuid import UUID

from pydantic import AwareDatetime, Field
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.decision.access import require_manager
from services.decision.commands import loading
from services.decision.commands.inputs import Input, Note, Sentence
from services.decision.commands.moving import advance_decision_case
from services.decision.domain.roster import find_officers
from services.decision.domain.workflow import CaseAct, MeetingState, require_meeting_state
from services.decision.models import AgendaItem, DecisionCase, ItemState, Meeting, MeetingMember
from services.decision.queries import officers
from services.decision.queries.sittings import list_agenda, list_members
from shared import audit, clock
from shared.contracts.decision import MeetingCalled
from shared.errors import N_, Conflict, Invalid, NotFound
from shared.messaging.outbox import announce
from shared.security.actor import Actor
from shared.security.roles import Role
from shared.settings import settings


class CallMeeting(Input):
    """When and where the officers meet, and the cases of the first agenda."""

    at: AwareDatetime
    place: Sentence
    case_ids: list[UUID] = Field(default=[], max_length=500)
    note: Note = ""


class AmendAgenda(Input):
    """Cases to put on the agenda and cases to take off it."""

    add: list[UUID] = Field(default=[], max_length=500)
    remove: list[UUID] = Field(default=[], max_length=500)


def call_meeting(session: Session, actor: Actor, command: CallMeeting) -> Meeting:
    """Call the five officers together. Raises Conflict `officers-missing` while chair or quorum are not filled."""
    require_manager(session, actor)
    _check_time(command.at)
    meeting = Meeting(
        at=command.at,
        place=command.place,
        note=command.note,
        state=MeetingState.CALLED,
        quorum=settings().meeting_quorum,
        called_by=actor.id,
        called_by_name=actor.name,
    )
    session.add(meeting)
    session.flush()
    seat_members(session, meeting)
    _put_on(session, meeting, command.case_ids)
    _tell(session, actor, meeting, "meeting:call")
    return meeting


def amend_agenda(session: Session, actor: Actor, meeting_id: UUID, command: AmendAgenda) -> Meeting:
    """Put cases on the agenda or take them off, before the meeting is opened; the members are told again."""
    require_manager(session, actor)
    meeting = loading.lock_meeting(session, meeting_id)
    require_meeting_state(MeetingState(meeting.state), MeetingState.CALLED)
    _take_off(session, meeting, command.remove)
    _put_on(session, meeting, command.add)
    _tell(session, actor, meeting, "meeting:amend")
    return meeting


def cancel_meeting(session: Session, actor: Actor, meeting_id: UUID, reason: str) -> Meeting:
    """Call a meeting off before it is opened; its cases wait for another one."""
    require_manager(session, actor)
    meeting = loading.lock_meeting(session, meeting_id)
    require_meeting_state(MeetingState(meeting.state), MeetingState.CALLED)
    defer_undecided(session, meeting, reason)
    meeting.state, meeting.note = MeetingState.CANCELLED, reason
    audit.record_act(
        session, actor, "meeting:cancel", meeting.subject, {"state": MeetingState.CALLED}, {"reason": reason}
    )
    return meeting


def seat_members(session: Session, meeting: Meeting) -> list[MeetingMember]:
    """Make today's officers the members of the meeting, also when an office changed hands since it was called.

    Raises Conflict `officers-missing` while chair or quorum are not filled.
    """
    terms = find_officers(officers.list_terms(session), clock.today())
    if Role.CHAIR not in terms or len(terms) < meeting.quorum:
        raise Conflict(
            "officers-missing",
            N_("Ketua atau pejabat lain belum cukup ditunjuk; administrator perlu melengkapi penunjukan pejabat."),
            details={"filled": list(terms), "quorum": meeting.quorum},
        )
    names = officers.find_accounts(session, (term.account for term in terms.values()))
    for old in list_members(session, meeting.id):
        session.delete(old)
    session.flush()
    rows = [
        MeetingMember(
            meeting_id=meeting.id,
            account_id=term.account,
            name=names[term.account].name,
            office=office,
            present=False,
        )
        for office, term in terms.items()
    ]
    session.add_all(rows)
    session.flush()
    return rows


def defer_undecided(session: Session, meeting: Meeting, note: str) -> list[DecisionCase]:
    """Let every case of the meeting that is not decided wait for another one, with `note` as the reason.

    Returns these cases, locked.
    """
    items = [item for item in list_agenda(session, meeting.id).values() if item.state == ItemState.PENDING]
    cases = loading.lock_cases(session, [item.case_id for item in items])
    for item in items:
        item.state, item.note = ItemState.DEFERRED, note
        advance_decision_case(cases[item.case_id], CaseAct.DEFER)
        cases[item.case_id].meeting_id = None
    return list(cases.values())


def _check_time(at: datetime) -> None:
    """From today on, as Jakarta's calendar shows it, and within two years: anything else is a slip of the pen."""
    morning = datetime.combine(clock.today(), time(), clock.JAKARTA)
    if not morning <= at <= morning + timedelta(days=731):
        raise Invalid(
            "meeting-time",
            N_("Waktu rapat sudah lewat atau terlalu jauh."),
            fields={"at": N_("Pilih waktu dari hari ini sampai dua tahun mendatang.")},
        )


def _put_on(session: Session, meeting: Meeting, case_ids: Collection[UUID]) -> None:
    cases = loading.lock_cases(session, case_ids)
    if len(cases) < len(set(case_ids)):
        raise NotFound("case-unknown", loading.NO_CASE)
    known = list_agenda(session, meeting.id)
    position = session.scalar(
        select(func.coalesce(func.max(AgendaItem.position), 0)).where(AgendaItem.meeting_id == meeting.id)
    )
    for place, case_id in enumerate(dict.fromkeys(case_ids), start=(position or 0) + 1):
        case = cases[case_id]
        advance_decision_case(case, CaseAct.PUT_ON_AGENDA)
        case.meeting_id = meeting.id
        item = known.get(case_id)
        if item is None:
            session.add(AgendaItem(meeting_id=meeting.id, case_id=case_id, attempt=case.attempt, position=place))
        else:
            item.attempt, item.position, item.state, item.note = case.attempt, place, ItemState.PENDING, ""
    session.flush()


def _take_off(session: Session, meeting: Meeting, case_ids: Iterable[UUID]) -> None:
    known = list_agenda(session, meeting.id)
    wanted = set(case_ids)
    if any(case_id not in known or known[case_id].state != ItemState.PENDING for case_id in wanted):
        raise NotFound("not-on-agenda", N_("Berkas ini tidak ada dalam agenda rapat."))
    for case in loading.lock_cases(session, wanted).values():
        advance_decision_case(case, CaseAct.DEFER)
        case.meeting_id = None
        session.delete(known[case.id])
    session.flush()


def _tell(session: Session, actor: Actor, meeting: Meeting, action: str) -> None:
    items = [item.case_id for item in list_agenda(session, meeting.id).values() if item.state == ItemState.PENDING]
    fact = MeetingCalled(
        meeting_id=meeting.id,
        at=meeting.at,
        place=meeting.place,
        members=[member.account_id for member in list_members(session, meeting.id)],
        application_ids=items,
    )
    announce(session, meeting, fact)
    audit.record_act(session, actor, action, meeting.subject, None, fact.model_dump(mode="json"))
