"""The chair decides K or BK on the outcome of the meeting (process 2.9; R1, R2, R11, R12, R13)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from pydantic import Field
from sqlalchemy.orm import Session

from services.decision.commands import loading as records
from services.decision.commands.agenda import move_case
from services.decision.commands.dossier import Dossiers, Verdict
from services.decision.commands.inputs import Input, Note
from services.decision.commands.meetings import settle_discussions
from services.decision.commands.numbering import take_numbers
from services.decision.domain.assembly import Decider, check_may_decide
from services.decision.domain.freezing import compute_appeal_end, format_decree_number, hash_text, write_canonical_json
from services.decision.domain.judging import judge_overall, judge_units, merge_judgements, read_judgements
from services.decision.domain.roster import require_officer
from services.decision.domain.workflow import CaseAct, CaseState, MeetingState, apply_case_act, require_meeting_state
from services.decision.models import AgendaItem, Decision, DecisionCase, ItemState, Meeting
from services.decision.queries import officers
from services.decision.queries.sittings import find_sittings, require_decider
from shared import audit, clock
from shared.contracts.decision import CertificationDecided
from shared.contracts.words import Judgement, UnitJudgement
from shared.errors import N_, Conflict, NotFound, Refusal
from shared.messaging.outbox import announce
from shared.security.actor import Actor
from shared.settings import settings


class CaseDecision(Input):
    """`units` may be left out, or name only those decided otherwise than recommended."""

    case_id: UUID
    units: dict[str, Judgement] = Field(default={}, max_length=200)
    reason: Note = ""


class Decide(Input):
    decisions: list[CaseDecision] = Field(min_length=1, max_length=500)


@dataclass
class Outcome:
    """What became of a bulk: decisions in the order asked for, and why the other cases were refused."""

    decided: list[Decision] = field(default_factory=list)
    refused: dict[UUID, Refusal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Ready:
    """A case that passed every check and waits for its number."""

    case: DecisionCase
    item: AgendaItem
    decider: Decider
    attempt_units: dict[str, Judgement]
    reason: str


def decide_case(session: Session, actor: Actor, meeting_id: UUID, command: CaseDecision) -> Decision:
    """Decide one case. Raises what `decide_all` reports."""
    outcome = decide_cases(session, actor, meeting_id, Decide(decisions=[command]))
    for refusal in outcome.refused.values():
        raise refusal
    return outcome.decided[0]


def decide_cases(session: Session, actor: Actor, meeting_id: UUID, command: Decide) -> Outcome:
    """Decide many cases of a meeting in one transaction; a refused one stops none of the others.

    The cases are locked first, so of two who decide at once the second finds them decided (`case-state`). Each decision
    freezes its file and takes the next decree number of the year.
    """
    terms = officers.list_terms(session)
    require_officer(terms, actor.id, clock.today())
    meeting = records.find_meeting(session, meeting_id)
    require_meeting_state(MeetingState(meeting.state), MeetingState.OPEN)
    asked = {one.case_id: one for one in command.decisions}
    cases = records.lock_cases(session, asked)
    items = records.list_agenda(session, meeting.id)
    settle_discussions(session, meeting, [case for case in cases.values() if _is_open(items.get(case.id))])
    dossiers = Dossiers.of(session, meeting, cases)
    found = find_sittings(session, meeting, list(cases))
    outcome = Outcome()
    ready: list[_Ready] = []
    for case_id, wanted in asked.items():
        try:
            if case_id not in cases or case_id not in items:
                raise NotFound("not-on-agenda", N_("Berkas ini tidak ada dalam agenda rapat."))
            case = cases[case_id]
            if not _is_open(items[case_id]):
                raise Conflict(
                    "case-state",
                    N_("Berkas ini sudah diputuskan atau ditunda; muat ulang halaman rapat."),
                    details={"state": case.state},
                )
            deciding = require_decider(terms, found[case_id], meeting)
            check_may_decide(found[case_id], deciding, actor.id)
            recommended = read_judgements(dossiers.pending(case).units)
            units = judge_units(recommended, wanted.units, wanted.reason)
            apply_case_act(CaseState(case.state), CaseAct.DECIDE_K)
            ready.append(_Ready(case, items[case_id], deciding, units, wanted.reason))
        except Refusal as refusal:
            outcome.refused[case_id] = refusal
    outcome.decided = _freeze(session, actor, meeting, dossiers, ready)
    return outcome


def _is_open(item: AgendaItem | None) -> bool:
    return item is not None and item.state == ItemState.PENDING


def _freeze(
    session: Session, actor: Actor, meeting: Meeting, dossiers: Dossiers, ready: Sequence[_Ready]
) -> list[Decision]:
    if not ready:
        return []
    now, year = clock.now(), clock.today().year
    numbers = take_numbers(session, f"decree/{year}", len(ready))
    decisions = [
        _decision(actor, meeting, dossiers, one, now, year, serial) for one, serial in zip(ready, numbers, strict=True)
    ]
    session.add_all(decisions)
    for one, decision in zip(ready, decisions, strict=True):
        _enter(session, actor, one, decision)
    return decisions


def _decision(
    actor: Actor, meeting: Meeting, dossiers: Dossiers, ready: _Ready, now: datetime, year: int, serial: int
) -> Decision:
    case, config = ready.case, settings()
    units = merge_judgements(read_judgements(case.standing), ready.attempt_units)
    decision = Decision(
        id=uuid4(),
        case_id=case.id,
        attempt=case.attempt,
        meeting_id=meeting.id,
        attempt_units={code: found.value for code, found in ready.attempt_units.items()},
        units={code: found.value for code, found in units.items()},
        judgement=judge_overall(units).value,
        reason=ready.reason,
        decided_by=actor.id,
        decided_by_name=dossiers.name_of(actor.id),
        acting_for_chair=ready.decider.acting,
        decided_at=now,
        appeal_until=compute_appeal_end(now, config.appeal_days),
        year=year,
        serial=serial,
        decree_number=format_decree_number(config.decree_format, year, serial),
    )
    decision.file = write_canonical_json(dossiers.file(case, Verdict.of(decision)))
    decision.file_hash = hash_text(decision.file)
    return decision


def _enter(session: Session, actor: Actor, ready: _Ready, decision: Decision) -> None:
    """The case takes over what was decided, and it is told."""
    case = ready.case
    before = {"state": case.state, "units": dict(case.standing)}
    judgement = Judgement(decision.judgement)
    move_case(case, CaseAct.DECIDE_K if judgement is Judgement.K else CaseAct.DECIDE_BK)
    case.standing, case.decided_at, case.meeting_id = decision.units, decision.decided_at, None
    case.appeal_until = decision.appeal_until if judgement is Judgement.BK else None
    ready.item.state = ItemState.DECIDED
    announce(session, case, _fact(case, decision))
    audit.record_act(
        session,
        actor,
        "case:decide",
        case.subject,
        before,
        {
            "state": case.state,
            "units": decision.units,
            "decree_number": decision.decree_number,
            "file_hash": decision.file_hash,
            "acting_for_chair": decision.acting_for_chair,
        },
    )


def _fact(case: DecisionCase, decision: Decision) -> CertificationDecided:
    return CertificationDecided(
        decision_id=decision.id,
        application_id=case.id,
        case_id=case.id,
        applicant_id=case.applicant_id,
        applicant_name=case.applicant_name,
        attempt=decision.attempt,
        scheme_id=case.scheme_id,
        scheme_version=case.scheme_version,
        scheme_title=case.scheme_title,
        units=[UnitJudgement(unit=code, judgement=Judgement(found)) for code, found in decision.units.items()],
        judgement=Judgement(decision.judgement),
        decree_number=decision.decree_number,
        decided_by=decision.decided_by,
        decided_by_name=decision.decided_by_name,
        acting_for_chair=decision.acting_for_chair,
        decided_at=decision.decided_at,
        meeting_id=decision.meeting_id,
        file_hash=decision.file_hash,
        appeal_until=decision.appeal_until,
        renews=case.renews,
    )
