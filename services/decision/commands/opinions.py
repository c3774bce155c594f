"""What the members of a meeting say on the cases, and the cases they keep out of (process 2.8; R1)."""

from dataclasses import dataclass, field
from uuid import UUID

from pydantic import Field
from sqlalchemy.orm import Session

from services.decision.commands import loading
from services.decision.commands.inputs import Input, Note, Reasons
from services.decision.commands.meetings import settle_discussions
from services.decision.commands.moving import tell_part
from services.decision.commands.recusing import keep_conflicted_out, record_recusal
from services.decision.domain.assembly import check_may_speak
from services.decision.domain.impartiality import Ground, check_recusal
from services.decision.domain.judging import Opinion, check_opinion
from services.decision.domain.workflow import MeetingState, require_meeting_state
from services.decision.models import AgendaItem, DecisionCase, ItemState, Meeting, MeetingMember, OpinionRow, Recusal
from services.decision.queries.declarations import check_declared, list_declared
from services.decision.queries.sittings import find_sittings, list_agenda, list_opinions, list_recusals
from shared import audit, clock
from shared.contracts.words import Involvement
from shared.errors import N_, Conflict, Forbidden, NotFound, Refusal
from shared.security.actor import Actor


class Recuse(Input):
    """Why a member keeps out of a case (R1)."""

    ground: Ground
    reason: Reasons


class GiveOpinion(Input):
    """The same opinion on each of `case_ids`."""

    case_ids: list[UUID] = Field(min_length=1, max_length=500)
    opinion: Opinion
    note: Note = ""


@dataclass
class Heard:
    """The cases an opinion was recorded for, and why it was not for the others."""

    recorded: list[UUID] = field(default_factory=list)
    refused: dict[UUID, Refusal] = field(default_factory=dict)


def recuse_member(session: Session, actor: Actor, meeting_id: UUID, case_id: UUID, command: Recuse) -> Recusal:
    """A member declares a conflict and keeps out of the case: trained the candidate, family, and the like (R1).

    An opinion given before no longer counts and is taken out, which the audit log shows.
    """
    check_recusal(command.ground, command.reason)
    meeting = loading.hold_meeting(session, meeting_id)
    require_meeting_state(MeetingState(meeting.state), MeetingState.CALLED, MeetingState.OPEN)
    member = _member(session, meeting, actor)
    case = _cases(session, meeting, [case_id])[case_id]
    if any(
        (row.case_id, row.member_id, row.ground) == (case_id, actor.id, command.ground)
        for row in list_recusals(session, meeting.id)
    ):
        raise Conflict("recused-already", N_("Pengunduran diri ini sudah tercatat."))
    row = record_recusal(session, actor, meeting, case, member, command.ground, command.reason)
    part = Involvement.TRAINED if command.ground is Ground.TRAINER else Involvement.TIED
    tell_part(session, case, [actor.id], part)
    if meeting.state == MeetingState.OPEN:
        settle_discussions(session, meeting, [case])
    return row


def give_opinion(session: Session, actor: Actor, meeting_id: UUID, command: GiveOpinion) -> Heard:
    """Record the actor's opinion on several cases at once; the last one given counts, until the decision.

    Cases the actor is recused from, or has not declared to be impartial in (R1), are left out and named. Raises the
    refusal itself when no case is left.
    """
    check_opinion(command.opinion, command.note)
    meeting = loading.hold_meeting(session, meeting_id)
    require_meeting_state(MeetingState(meeting.state), MeetingState.OPEN)
    member = _member(session, meeting, actor)
    cases = _cases(session, meeting, command.case_ids)
    keep_conflicted_out(session, meeting, cases.values())
    found = find_sittings(session, meeting, list(cases))
    declared = list_declared(session, actor.id, list(cases))
    said = {row.case_id: row for row in list_opinions(session, meeting.id) if row.member_id == actor.id}
    heard = Heard()
    for case_id, case in cases.items():
        try:
            check_may_speak(found[case_id], actor.id)
            check_declared(declared, case_id)
        except Refusal as refusal:
            heard.refused[case_id] = refusal
            continue
        _say(session, actor, meeting, member, case, command, said.get(case_id))
        heard.recorded.append(case_id)
    if not heard.recorded:
        raise next(iter(heard.refused.values()))
    session.flush()
    settle_discussions(session, meeting, [cases[case_id] for case_id in heard.recorded])
    return heard


def _say(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    member: MeetingMember,
    case: DecisionCase,
    command: GiveOpinion,
    earlier: OpinionRow | None,
) -> None:
    before = {"opinion": earlier.opinion, "note": earlier.note} if earlier else None
    if earlier is None:
        earlier = OpinionRow(meeting_id=meeting.id, case_id=case.id, member_id=actor.id, member_name=member.name)
        session.add(earlier)
    earlier.opinion, earlier.note, earlier.given_at = command.opinion, command.note, clock.now()
    audit.record_act(
        session, actor, "case:opinion", case.subject, before, {"opinion": command.opinion, "note": command.note}
    )


def _member(session: Session, meeting: Meeting, actor: Actor) -> MeetingMember:
    member = session.get(MeetingMember, (meeting.id, actor.id))
    if member is None:
        raise Forbidden("not-member", N_("Anda bukan anggota rapat ini."))
    return member


def _cases(session: Session, meeting: Meeting, case_ids: list[UUID]) -> dict[UUID, DecisionCase]:
    """The cases, locked, that are still open on the agenda. Raises NotFound or Conflict `case-decided`."""
    cases = loading.lock_cases(session, case_ids)
    items: dict[UUID, AgendaItem] = list_agenda(session, meeting.id)
    for case_id in case_ids:
        if case_id not in items:
            raise NotFound("not-on-agenda", N_("Berkas ini tidak ada dalam agenda rapat."))
        if items[case_id].state != ItemState.PENDING:
            raise Conflict("case-decided", N_("Berkas ini sudah diputuskan atau ditunda; muat ulang halaman rapat."))
    return cases
