"""The parts that a case's views are put together from."""

from collections.abc import Iterable

from services.assessment.domain import recording
from services.assessment.models import Case, Consultation, DayRecord
from services.assessment.queries.views import (
    CheckView,
    ClaimView,
    ConsultationView,
    DocumentView,
    EvidenceView,
    FileView,
    MendingView,
    PlannedUnitView,
    RecommendedView,
    RecordView,
    UnitView,
)
from shared.schemes import Method, Scheme, shipped_schemes


def describe_titled_codes(scheme: Scheme, codes: Iterable[str]) -> list[UnitView]:
    """The units with their titles; a code the scheme does not have stands for its own title."""
    titles = {unit.code: str(unit.title) for unit in scheme.units}
    return [UnitView(code=code, title=titles.get(code, code)) for code in codes]


def describe_file(case: Case) -> FileView:
    """Only the claims on the units of this case: a re-assessment holds the BK units alone (R28)."""
    file = case.file
    scheme = shipped_schemes().get(file.scheme_id, file.scheme_version)
    titles = {(unit.code, one.code): str(one.title) for unit in scheme.units for one in unit.elements}
    return FileView(
        round=file.round,
        submitted_at=file.submitted_at,
        file_hash=file.file_hash,
        documents=[DocumentView.model_validate(document, from_attributes=True) for document in file.documents],
        claims=[
            ClaimView(title=titles.get((claim.unit, claim.element), ""), **claim.model_dump())
            for claim in file.claims
            if claim.unit in case.units
        ],
        adjustment_needed=file.adjustment_needed,
        adjustment_note=file.adjustment_note,
    )


def describe_consultation_in_hand(row: Consultation | None) -> ConsultationView | None:
    """The pre-assessment as a view; None while there is none."""
    return None if row is None else describe_consultation(row)


def describe_consultation(row: Consultation) -> ConsultationView:
    """One pre-assessment with everything noted in it."""
    return ConsultationView(
        number=row.number,
        at=row.at,
        place=row.place,
        checks=[CheckView.model_validate(check, from_attributes=True) for check in row.checks or []],
        explanations=row.explanations or [],
        briefings=row.briefings or [],
        plan=[PlannedUnitView.model_validate(unit, from_attributes=True) for unit in row.plan or []],
        adjustments=row.adjustments or "",
        proposed_at=row.proposed_at,
        disagreement=row.disagreement or "",
        agreed_at=row.agreed_at,
        reasons=[MendingView.model_validate(reason, from_attributes=True) for reason in row.reasons or []],
        note=row.note or "",
        closed_at=row.closed_at,
    )


def hide_adjustments(view: ConsultationView) -> ConsultationView:
    """The view without the adjustments: special-category data, for candidate and assessor alone (FR.AK.07)."""
    return view.model_copy(update={"adjustments": ""})


def describe_day_record(case: Case) -> RecordView | None:
    """What happened on the day, with the judgement per unit once the record is complete; None before the day."""
    row: DayRecord | None = case.record
    if row is None:
        return None
    agreed = case.consultation.methods if case.consultation else {}
    complete = bool(agreed) and not recording.find_missing_cells(row.judgements, agreed)
    return RecordView(
        checklist=row.checklist,
        confirmed_at=row.confirmed_at,
        ready_at=row.ready_at,
        judgements={unit: {Method(m): j for m, j in cells.items()} for unit, cells in row.judgements.items()},
        derived=recording.derive_judgements(row.judgements, agreed) if complete else {},
        further_evidence=[EvidenceView.model_validate(each, from_attributes=True) for each in row.further_evidence],
        completed_at=row.completed_at,
        recommended=[RecommendedView.model_validate(each, from_attributes=True) for each in row.units],
        note=row.note,
        recommended_at=row.recommended_at,
        record_hash=row.record_hash,
    )


def hide_draft(view: ConsultationView | None) -> ConsultationView | None:
    """The view without what the assessor only drafted. The appointment stays: the candidate has to come."""
    if view is None or view.proposed_at is not None:
        return view
    return view.model_copy(update={"checks": [], "plan": [], "explanations": [], "briefings": [], "adjustments": ""})


def hide_findings(view: RecordView | None) -> RecordView | None:
    """The view with nothing but who confirmed readiness and when. What was found is not told before it is decided."""
    if view is None:
        return None
    found: dict[str, object] = {"judgements": {}, "derived": {}, "further_evidence": [], "recommended": [], "note": ""}
    return view.model_copy(update={**found, "completed_at": None, "recommended_at": None, "record_hash": ""})
