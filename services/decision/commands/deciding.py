"""The chair decides K or BK on the outcome of the meeting (process 2.9; R1, R2, R11, R12, R13).

`decide_cases` is the whole story, one step after the other: load and lock the cases, ask the rules about each, freeze
what was decided with its file, write it into the case, tell the other stages, note it in the audit log.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from pydantic import Field
from sqlalchemy.orm import Session

from services.decision.commands.dossier import build_decision_file
from services.decision.commands.inputs import Input, Note
from services.decision.commands.loading import Hearing, hold_meeting, load_hearing, lock_cases
from services.decision.commands.moving import advance_decision_case, settle_case, tell_part
from services.decision.commands.numbering import take_numbers
from services.decision.commands.reassessments import close_used_up
from services.decision.commands.recusing import keep_conflicted_out
from services.decision.domain.assembly import check_may_decide, find_decider, require_decider
from services.decision.domain.freezing import compute_appeal_end, format_decree_number, hash_text, write_canonical_json
from services.decision.domain.judging import check_validity_on_the_day, judge_overall, judge_units, merge_judgements
from services.decision.domain.roster import require_officer
from services.decision.domain.ways import compute_reassessment_end
from services.decision.domain.workflow import (
    CaseAct,
    CaseState,
    MeetingState,
    apply_decision_act,
    require_meeting_state,
)
from services.decision.models import AgendaItem, Decision, DecisionCase, ItemState
from services.decision.queries import officers
from services.decision.queries.declarations import check_declared, list_declared
from services.decision.queries.dossier_content import check_content
from shared import audit, clock
from shared.contracts.decision import CertificationDecided
from shared.contracts.words import Involvement, Judgement, UnitJudgement
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
    """The decisions on several cases of one meeting."""

    decisions: list[CaseDecision] = Field(min_length=1, max_length=500)


@dataclass
class Outcome:
    """What became of a bulk: decisions in the order asked for, and why the other cases were refused."""

    decided: list[Decision] = field(default_factory=list)
    refused: dict[UUID, Refusal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the rules let the chair decide on one case: the units of this attempt, and who decides in which capacity."""

    case: DecisionCase
    item: AgendaItem
    attempt_units: dict[str, Judgement]
    reason: str
    acting_for_chair: bool


def decide_case(session: Session, actor: Actor, meeting_id: UUID, command: CaseDecision) -> Decision:
    """Decide one case. Raises the refusal that `decide_cases` would report of it."""
    outcome = decide_cases(session, actor, meeting_id, Decide(decisions=[command]))
    for refusal in outcome.refused.values():
        raise refusal
    return outcome.decided[0]


def decide_cases(session: Session, actor: Actor, meeting_id: UUID, command: Decide) -> Outcome:
    """Decide many cases of a meeting in one transaction; a refused one stops none of the others.

    Of two who decide the same case at once the second finds it decided (`case-state`). Each decision freezes its file
    and takes the next decree number of the year.

    Raises Forbidden `not-named-officer`, NotFound `meeting-unknown`, Conflict `meeting-state`; what is wrong with a
    single case is in the outcome.
    """
    hearing = _load(session, actor, meeting_id, command)
    rulings, refused = _ask_the_rules(session, hearing, actor, command)
    decisions = _freeze(session, actor, hearing, rulings)
    session.add_all(decisions)
    for ruling, decision in zip(rulings, decisions, strict=True):
        before: dict[str, object] = {"state": ruling.case.state, "units": dict(ruling.case.standing)}
        _write(ruling, decision)
        _tell(session, ruling.case, decision)
        tell_part(session, ruling.case, hearing.list_present(), Involvement.DECIDED)
        _note(session, actor, ruling.case, decision, before)
    close_used_up(session, actor, [ruling.case for ruling in rulings])
    return Outcome(decisions, refused)


def _load(session: Session, actor: Actor, meeting_id: UUID, command: Decide) -> Hearing:
    """The cases asked about, locked, each in step with who is present and who has spoken by now."""
    terms = officers.list_terms(session)
    require_officer(terms, actor.id, clock.today())
    meeting = hold_meeting(session, meeting_id)
    require_meeting_state(MeetingState(meeting.state), MeetingState.OPEN)
    # The locks come first: who decides at the same time waits here, and then reads what the other has written.
    cases = lock_cases(session, {one.case_id for one in command.decisions})
    keep_conflicted_out(session, meeting, cases.values())
    hearing = load_hearing(session, meeting, terms, cases)
    for case in hearing.cases.values():
        if hearing.is_open(case.id):
            sitting = hearing.sitting(case.id)
            settle_case(case, sitting, find_decider(hearing.terms, sitting.recused, clock.today(), _opened_at(hearing)))
    return hearing


def _ask_the_rules(
    session: Session, hearing: Hearing, actor: Actor, command: Decide
) -> tuple[list[Ruling], dict[UUID, Refusal]]:
    """A ruling for every case that passes, the refusal of every other, in the order asked for."""
    declared = list_declared(session, actor.id, list(hearing.cases))
    rulings: list[Ruling] = []
    refused: dict[UUID, Refusal] = {}
    # By id: of a case named twice, what was asked last counts.
    for case_id, wanted in {one.case_id: one for one in command.decisions}.items():
        try:
            rulings.append(_rule(session, hearing, actor, wanted, declared))
        except Refusal as refusal:
            refused[case_id] = refusal
    return rulings, refused


def _rule(session: Session, hearing: Hearing, actor: Actor, wanted: CaseDecision, declared: Collection[UUID]) -> Ruling:
    """What the actor may decide on one case. Raises the first refusal, agenda to file (R1, R2, R12, R13)."""
    case = _find_open_case(hearing, wanted.case_id)
    sitting = hearing.sitting(case.id)
    decider = require_decider(hearing.terms, sitting.recused, clock.today(), _opened_at(hearing))
    check_may_decide(sitting, decider, actor.id)
    check_declared(declared, case.id)
    found = hearing.recommendation(case)
    check_content(session, found)
    units = judge_units(found.units, wanted.units, wanted.reason)
    for judgement in units.values():
        check_validity_on_the_day(judgement, found.assessed_on, found.met_valid_until, found.centre_verified_until)
    apply_decision_act(CaseState(case.state), CaseAct.DECIDE_K)  # only asked here; K and BK start from the same state
    return Ruling(case, hearing.items[case.id], units, wanted.reason, decider.acting)


def _find_open_case(hearing: Hearing, case_id: UUID) -> DecisionCase:
    """The case that waits on this meeting's agenda. Raises NotFound `not-on-agenda`, Conflict `case-state`."""
    if case_id not in hearing.cases or case_id not in hearing.items:
        raise NotFound("not-on-agenda", N_("Berkas ini tidak ada dalam agenda rapat."))
    case = hearing.cases[case_id]
    if not hearing.is_open(case_id):
        raise Conflict(
            "case-state",
            N_("Berkas ini sudah diputuskan atau ditunda; muat ulang halaman rapat."),
            details={"state": case.state},
        )
    return case


def _opened_at(hearing: Hearing) -> datetime:
    return hearing.meeting.opened_at or clock.now()


def _freeze(session: Session, actor: Actor, hearing: Hearing, rulings: Sequence[Ruling]) -> list[Decision]:
    """The decisions with their decree numbers, each with the file it rests on and the file's hash (R12)."""
    if not rulings:
        return []
    now, year = clock.now(), clock.today().year
    numbers = take_numbers(session, f"decree/{year}", len(rulings))
    decisions = []
    for ruling, serial in zip(rulings, numbers, strict=True):
        decision = _build_decision(actor, hearing, ruling, now)
        decision.year, decision.serial = year, serial
        decision.decree_number = format_decree_number(settings().decree_format, year, serial)
        decision.file = write_canonical_json(build_decision_file(hearing, ruling.case, decision))
        decision.file_hash = hash_text(decision.file)
        decisions.append(decision)
    return decisions


def _build_decision(actor: Actor, hearing: Hearing, ruling: Ruling, now: datetime) -> Decision:
    """The decision without its number and its file. Units that were K before stay K (R28)."""
    units = merge_judgements(ruling.case.standing, ruling.attempt_units)
    return Decision(
        id=uuid4(),
        case_id=ruling.case.id,
        attempt=ruling.case.attempt,
        meeting_id=hearing.meeting.id,
        attempt_units=ruling.attempt_units,
        units=units,
        judgement=judge_overall(units).value,
        reason=ruling.reason,
        decided_by=actor.id,
        decided_by_name=hearing.name_of(actor.id),
        acting_for_chair=ruling.acting_for_chair,
        decided_at=now,
        appeal_until=compute_appeal_end(now, settings().appeal_days),
    )


def _write(ruling: Ruling, decision: Decision) -> None:
    """The case takes over what was decided; both ways on are open after BK (process 2.10)."""
    case, is_competent = ruling.case, decision.judgement == Judgement.K
    advance_decision_case(case, CaseAct.DECIDE_K if is_competent else CaseAct.DECIDE_BK)
    case.standing, case.decided_at, case.meeting_id = decision.units, decision.decided_at, None
    case.appeal_until = None if is_competent else decision.appeal_until
    case.reassess_until = (
        None if is_competent else compute_reassessment_end(decision.decided_at, settings().reassessment_months)
    )
    ruling.item.state = ItemState.DECIDED


def _tell(session: Session, case: DecisionCase, decision: Decision) -> None:
    """The other stages learn of it: the certificate is issued, the candidate gets mail."""
    fact = CertificationDecided(
        decision_id=decision.id,
        application_id=case.id,
        case_id=case.id,
        applicant_id=case.applicant_id,
        applicant_name=case.applicant_name,
        attempt=decision.attempt,
        scheme_id=case.scheme_id,
        scheme_version=case.scheme_version,
        scheme_title=case.scheme_title,
        units=[UnitJudgement(unit=code, judgement=found) for code, found in decision.units.items()],
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
        reassess_until=case.reassess_until,
    )
    announce(session, case, fact)


def _note(session: Session, actor: Actor, case: DecisionCase, decision: Decision, before: dict[str, object]) -> None:
    """Who decided what, before and after (R26)."""
    after = {
        "state": case.state,
        "units": decision.units,
        "decree_number": decision.decree_number,
        "file_hash": decision.file_hash,
        "acting_for_chair": decision.acting_for_chair,
    }
    audit.record_act(session, actor, "case:decide", case.subject, before, after)
