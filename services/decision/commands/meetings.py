"""Holding a meeting: opened with its attendance, closed with its minutes (process 2.8; R1)."""

from uuid import UUID

from pydantic import Field
from sqlalchemy.orm import Session

from services.decision.access import require_manager
from services.decision.commands import loading
from services.decision.commands.agenda import defer_undecided, seat_members
from services.decision.commands.inputs import Input, Note
from services.decision.commands.moving import settle_case
from services.decision.commands.recusing import keep_conflicted_out
from services.decision.domain.assembly import find_decider
from services.decision.domain.workflow import MeetingState, require_meeting_state
from services.decision.models import DecisionCase, ItemState, Meeting, MeetingMember
from services.decision.queries import officers
from services.decision.queries.sittings import find_sittings, list_agenda
from shared import audit, clock
from shared.errors import N_, Conflict, Invalid
from shared.messaging.jobs import enqueue
from shared.security.actor import Actor

MINUTES = "minutes"


class OpenMeeting(Input):
    """`present` are account ids of members."""

    present: list[UUID] = Field(max_length=20)


class Attendance(Input):
    """Whether one member is there now."""

    account_id: UUID
    present: bool


class CloseMeeting(Input):
    """A remark for the minutes."""

    note: Note = ""


def open_meeting(session: Session, actor: Actor, meeting_id: UUID, command: OpenMeeting) -> Meeting:
    """Open with the members who came, and check every member against every case (R1, R25).

    Raises Invalid for strangers in the list, Conflict `no-quorum` when too few came.
    """
    require_manager(session, actor)
    meeting = loading.lock_meeting(session, meeting_id)
    require_meeting_state(MeetingState(meeting.state), MeetingState.CALLED)
    seated = {member.account_id: member for member in seat_members(session, meeting)}
    present = set(command.present)
    if present - set(seated):
        raise Invalid(
            "not-members",
            N_("Daftar hadir memuat orang yang bukan pejabat rapat ini."),
            fields={"present": N_("Pilih hanya pejabat yang menjadi anggota rapat.")},
        )
    if len(present) < meeting.quorum:
        raise Conflict(
            "no-quorum",
            N_("Kuorum tidak tercapai: {there} anggota hadir, {needed} diperlukan."),
            there=len(present),
            needed=meeting.quorum,
        )
    for account_id in present:
        seated[account_id].present = True
    meeting.state, meeting.opened_at, meeting.opened_by_name = MeetingState.OPEN, clock.now(), actor.name
    session.flush()
    keep_conflicted_out(session, meeting, _lock_waiting(session, meeting))
    audit.record_act(
        session,
        actor,
        "meeting:open",
        meeting.subject,
        {"state": MeetingState.CALLED},
        {"state": MeetingState.OPEN, "present": sorted(map(str, present))},
    )
    return meeting


def record_attendance(session: Session, actor: Actor, meeting_id: UUID, command: Attendance) -> Meeting:
    """Somebody came later or left: whoever left is not waited for, and does not count (quorum)."""
    require_manager(session, actor)
    meeting = loading.lock_meeting(session, meeting_id)
    require_meeting_state(MeetingState(meeting.state), MeetingState.OPEN)
    member = session.get(MeetingMember, (meeting.id, command.account_id))
    if member is None:
        raise Invalid(
            "not-members",
            N_("Orang ini bukan anggota rapat."),
            fields={"account_id": N_("Pilih anggota rapat ini.")},
        )
    before = {"account_id": str(member.account_id), "present": member.present}
    member.present = command.present
    session.flush()
    settle_discussions(session, meeting)
    audit.record_act(
        session, actor, "meeting:attendance", meeting.subject, before, {**before, "present": command.present}
    )
    return meeting


def close_meeting(session: Session, actor: Actor, meeting_id: UUID, command: CloseMeeting) -> Meeting:
    """Close; what was not decided waits for another meeting, and the minutes are written."""
    require_manager(session, actor)
    meeting = loading.lock_meeting(session, meeting_id)
    require_meeting_state(MeetingState(meeting.state), MeetingState.OPEN)
    deferred = defer_undecided(session, meeting, N_("Belum diputuskan sampai rapat ditutup."))
    meeting.state, meeting.closed_at, meeting.closed_by_name = MeetingState.CLOSED, clock.now(), actor.name
    if command.note:
        meeting.note = command.note
    enqueue(session, MINUTES, {"meeting_id": str(meeting.id)}, key=str(meeting.id))
    audit.record_act(
        session,
        actor,
        "meeting:close",
        meeting.subject,
        {"state": MeetingState.OPEN},
        {"state": MeetingState.CLOSED, "deferred": sorted(str(case.id) for case in deferred)},
    )
    return meeting


def settle_discussions(session: Session, meeting: Meeting, cases: list[DecisionCase] | None = None) -> None:
    """Bring the state of undecided cases in step with who is there and who has spoken.

    Without `cases`, all that are open on the agenda are locked and looked at, the conflicts of the members among it.
    """
    if cases is None:
        cases = _lock_waiting(session, meeting)
        keep_conflicted_out(session, meeting, cases)
    terms = officers.list_terms(session)
    found = find_sittings(session, meeting, [case.id for case in cases])
    for case in cases:
        recused, opened_at = found[case.id].recused, meeting.opened_at or clock.now()
        settle_case(case, found[case.id], find_decider(terms, recused, clock.today(), opened_at))


def _lock_waiting(session: Session, meeting: Meeting) -> list[DecisionCase]:
    """The cases that are open on the agenda, locked."""
    items = list_agenda(session, meeting.id).values()
    waiting = [item.case_id for item in items if item.state == ItemState.PENDING]
    return list(loading.lock_cases(session, waiting).values())
