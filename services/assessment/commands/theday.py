"""The day itself: readiness, the record, the recommendation, the report (process 2.7, 2.8)."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from pydantic_core import to_json
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.assessment.commands.inputs import Code, Input, Line, Note, Text
from services.assessment.commands.loading import load_case_of_assessor, load_case_of_candidate
from services.assessment.commands.moving import advance_assessment_case, describe_case_fields
from services.assessment.commands.sittings import check_assessor_and_centre
from services.assessment.domain import recording
from services.assessment.domain.paperfile import Tick, check_paper_file
from services.assessment.domain.recording import Cell, Verdict
from services.assessment.domain.venue import check_sitting_begun
from services.assessment.domain.workflow import Act, State, check_assessment_act
from services.assessment.models import Assessor, Case, DayRecord, Sitting, SittingReport, make_blank_record
from services.assessment.models.contents import Kept, KeptEvidence, KeptRecommendation
from shared import audit, clock
from shared.contracts.assessment import AssessmentRecommended
from shared.contracts.words import Judgement, UnitJudgement
from shared.errors import N_, Conflict, NotFound
from shared.messaging.outbox import announce
from shared.security.actor import Actor
from shared.security.sealing import seal_field


class Confirm(Input):
    """The paper file ticked off, by item code (domain handbook 3.3)."""

    checklist: Annotated[dict[Code, Tick], Field(max_length=50)]


class Judged(Input):
    """One cell of FR.AK.02: what one method showed of one unit."""

    unit: Code
    method: Code
    judgement: Judgement


class FurtherEvidence(Input):
    """Something the candidate showed beyond the file."""

    unit: Code
    title: Line
    note: Note = ""


class Record(Input):
    """Cells of FR.AK.02; what is not named stays as it was. `further_evidence`, where given, replaces the list."""

    judgements: Annotated[list[Judged], Field(max_length=500)] = []
    further_evidence: Annotated[list[FurtherEvidence], Field(max_length=100)] | None = None


class RecommendedUnit(Input):
    """K or BK for one unit; the note says why where it differs from what the record shows."""

    unit: Code
    judgement: Judgement
    note: Note = ""


class Recommend(Input):
    """What the assessor recommends per unit; a unit that differs from its record needs a note."""

    units: Annotated[list[RecommendedUnit], Field(max_length=100)]
    note: Note = ""


class Report(Input):
    """FR.AK.05: what happened, its good and bad sides, what to do better."""

    summary: Text
    aspects: Note = ""
    suggestions: Note = ""


def confirm_readiness(session: Session, actor: Actor, case_id: UUID, command: Confirm) -> Case:
    """The assessor confirms that the candidate is ready: paper file complete, MET and TUK valid today (R5, R6).

    Raises NotFound, Conflict, Invalid naming each missing item.
    """
    case = load_case_of_assessor(session, actor, case_id)
    check_assessment_act(case.state, Act.CONFIRM)
    sitting = _on_its_day(case)
    check_assessor_and_centre(session, case, sitting, clock.today())
    check_paper_file(command.checklist)
    record = _record_of(case)
    record.checklist = dict(command.checklist)
    record.confirmed_at = clock.now()
    advance_assessment_case(session, actor, case, Act.CONFIRM, checklist=record.checklist)
    _begin_when_both(session, actor, case, record)
    return case


def declare_readiness(session: Session, actor: Actor, case_id: UUID) -> Case:
    """The candidate declares readiness; once the assessor has confirmed it too, the assessment begins.

    Raises NotFound, Conflict.
    """
    case = load_case_of_candidate(session, actor, case_id)
    check_assessment_act(case.state, Act.BE_READY)
    _on_its_day(case)
    record = _record_of(case)
    if record.ready_at is None:
        # The state stays, but the case's row must change: the optimistic lock keeps the assessor's act from passing by.
        record.ready_at = case.updated_at = clock.now()
        audit.record_act(session, actor, "case:declare_readiness", case.subject, None, {})
    _begin_when_both(session, actor, case, record)
    return case


def write_day_record(session: Session, actor: Actor, case_id: UUID, command: Record) -> Case:
    """Note K or BK per unit and agreed method, not before the sitting begins; the last cell completes the record.

    MET and TUK are asked again, as they stand now (R5, R6). Raises NotFound, Conflict, Invalid.
    """
    case = load_case_of_assessor(session, actor, case_id)
    check_assessment_act(case.state, Act.RECORD)
    sitting = _on_its_day(case)
    check_sitting_begun(sitting.slot, clock.now())
    check_assessor_and_centre(session, case, sitting, clock.today())
    record, agreed = _record_of(case), _agreed(case)
    cells = [Cell(each.unit, each.method, each.judgement) for each in command.judgements]
    matrix = recording.enter_judgements(record.judgements, agreed, cells)
    before = record.judgements  # a new value is set below: the column does not notice changes inside the old one
    record.judgements = matrix
    if command.further_evidence is not None:
        record.further_evidence = [KeptEvidence(**each.model_dump()) for each in command.further_evidence]
    complete = not recording.find_missing_cells(matrix, agreed)
    if complete and record.completed_at is None:
        record.completed_at = clock.now()
    act = Act.COMPLETE_RECORD if complete else Act.RECORD
    advance_assessment_case(session, actor, case, act, judgements=record.judgements, replaced=before)
    return case


def recommend_judgements(session: Session, actor: Actor, case_id: UUID, command: Recommend) -> Case:
    """Recommend K or BK per unit to the decision meeting; nothing here decides (R2).

    MET and TUK are asked again, as they stand now (R5, R6). Raises NotFound, Conflict, Invalid.
    """
    case = load_case_of_assessor(session, actor, case_id)
    check_assessment_act(case.state, Act.RECOMMEND)
    check_assessor_and_centre(session, case, _on_its_day(case), clock.today())
    record = _record_of(case)
    verdicts = [Verdict(each.unit, each.judgement, each.note) for each in command.units]
    units = recording.conclude_recommendation(recording.derive_judgements(record.judgements, _agreed(case)), verdicts)
    record.units = [KeptRecommendation(**each.model_dump()) for each in command.units]
    record.note = command.note
    record.recommended_at = clock.now()
    text = write_recorded_content(case, record)
    record.record_hash = sha256(text).hexdigest()
    advance_assessment_case(
        session, actor, case, Act.RECOMMEND, units=_as_json(record.units), record_hash=record.record_hash
    )
    announce(session, case, _recommended(session, actor, case, record, units, text.decode()))
    return case


def report_sitting(session: Session, actor: Actor, sitting_id: UUID, command: Report) -> SittingReport:
    """Write or mend the report of a sitting one has assessed in (FR.AK.05). Raises NotFound."""
    assessed = session.scalar(
        select(Case.id).where(
            Case.sitting_id == sitting_id,
            Case.assessor_id == actor.id,
            Case.state.in_((State.ASSESSED, State.RECOMMENDED)),
        )
    )
    if assessed is None:
        raise NotFound("sitting-unknown", N_("Sesi tidak ditemukan, atau Anda belum mengases pada sesi ini."))
    written = session.scalar(
        select(SittingReport).where(SittingReport.sitting_id == sitting_id, SittingReport.assessor_id == actor.id)
    )
    before = {"summary": written.summary} if written else None
    name = session.get_one(Assessor, actor.id).name
    if written is None:
        written = SittingReport(sitting_id=sitting_id, assessor_id=actor.id)
        session.add(written)
    written.assessor_name = name
    written.summary, written.aspects, written.suggestions = command.summary, command.aspects, command.suggestions
    written.written_at = clock.now()
    audit.record_act(session, actor, "sitting:report", f"sitting/{sitting_id}", before, command.model_dump())
    return written


def hash_record(case: Case, record: DayRecord) -> str:
    """SHA-256 of the canonical JSON of what the recommendation rests on, in hexadecimal."""
    return sha256(write_recorded_content(case, record)).hexdigest()


def write_recorded_content(case: Case, record: DayRecord) -> bytes:
    """The canonical JSON of what the recommendation rests on: checks, agreed plan, record, verdicts, the file's hash.

    Its SHA-256 is the `record_hash`, and the officers are told the text itself (R12).
    """
    consultation = case.consultation
    content: dict[str, Any] = {
        "case_id": case.id,
        "file_hash": case.file.file_hash,
        "assessor_id": case.assessor_id,
        "checks": _as_json(consultation.checks) if consultation else [],
        "plan": _as_json(consultation.plan) if consultation else [],
        "checklist": record.checklist,
        "judgements": record.judgements,
        "further_evidence": _as_json(record.further_evidence),
        "units": _as_json(record.units),
        "note": record.note,
        "recommended_at": record.recommended_at,
    }
    return to_json(_sorted(content))


def _as_json(values: Iterable[Kept]) -> list[dict[str, Any]]:
    return [each.model_dump(mode="json") for each in values]


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(each) for each in value] if isinstance(value, list) else value


def _on_its_day(case: Case) -> Sitting:
    sitting = case.sitting
    if sitting is None or clock.today() < sitting.day:
        raise Conflict("not-the-day", N_("Hari asesmen belum tiba; kesiapan dinyatakan pada harinya."))
    return sitting


def _record_of(case: Case) -> DayRecord:
    if case.record is None:
        case.record = make_blank_record(case.id)
    return case.record


def _begin_when_both(session: Session, actor: Actor, case: Case, record: DayRecord) -> None:
    if record.confirmed_at is not None and record.ready_at is not None:
        advance_assessment_case(session, actor, case, Act.BE_READY)


def _agreed(case: Case) -> dict[str, list[str]]:
    return case.consultation.methods if case.consultation else {}


def _recommended(
    session: Session, actor: Actor, case: Case, record: DayRecord, units: list[UnitJudgement], text: str
) -> AssessmentRecommended:
    completed, file = record.completed_at, case.file
    assert completed is not None  # noqa: S101 - only a complete record can be recommended from
    assessor = session.get_one(Assessor, actor.id)
    return AssessmentRecommended(
        **describe_case_fields(case),
        applicant_name=file.applicant_name,
        scheme_id=file.scheme_id,
        scheme_version=file.scheme_version,
        scheme_title=file.scheme_title,
        units=units,
        assessor_id=actor.id,
        assessor_name=case.assessor_name,
        verifier_id=case.candidacy.verifier_id,
        assessed_on=completed.astimezone(clock.JAKARTA).date(),
        place=case.sitting.centre.name if case.sitting else "",
        note=record.note,
        file_hash=file.file_hash,
        record_hash=record.record_hash,
        renews=file.renews,
        assessor_registration=assessor.met_number,
        met_valid_until=assessor.valid_until,
        centre_verified_until=case.sitting.centre.verified_until if case.sitting else None,
        unit_notes={unit.unit: unit.note for unit in record.units if unit.note},
        record=seal_field(AssessmentRecommended, "record", text),
    )
