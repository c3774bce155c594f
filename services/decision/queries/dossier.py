"""The whole file of a case, brought together from what was told with it (R12, ISO/IEC 17024 9.4)."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.decision.domain.deviations import (
    Claimed,
    DeviationKind,
    derive_shown,
    find_day_deviations,
    find_unit_deviations,
)
from services.decision.models import DecisionCase, Declaration, Recommendation, SubmittedFile
from services.decision.queries.cases import describe_case_units, describe_decision_case_line
from services.decision.queries.dossier_content import (
    FileContent,
    RecordContent,
    find_submitted_file,
    read_file_content,
    read_record_content,
)
from services.decision.queries.dossier_views import (
    ClaimView,
    DeviationView,
    DossierView,
    EvidenceView,
    FurtherView,
    MethodView,
    ReadingView,
    UnitDossier,
)
from services.decision.queries.filed_form import describe_filed_form
from services.decision.queries.sittings import list_recommendations
from services.decision.queries.views import UnitView
from shared.access_log import AccessRow, Look
from shared.contracts.words import Judgement
from shared.errors import N_, NotFound
from shared.schemes import Method, Scheme, shipped_schemes

EMPTY_FILE, EMPTY_RECORD = FileContent(), RecordContent()


def view_dossier(session: Session, case: DecisionCase, attempt: int | None = None) -> DossierView:
    """The file of one attempt, the latest where none is named.

    Raises NotFound `attempt-unknown`, and AlteredContent for kept content that has not its hash any more.
    """
    recommended = list_recommendations(session, [case.id])[case.id]
    chosen = next((row for row in reversed(recommended) if attempt is None or row.attempt == attempt), None)
    if chosen is None:
        raise NotFound("attempt-unknown", N_("Asesmen ini tidak ada dalam berkas."))
    kept = find_submitted_file(session, chosen.file_hash)
    file, record = read_file_content(kept), read_record_content(chosen)
    evidence = _describe_evidence(case.id, kept, file or EMPTY_FILE, record or EMPTY_RECORD)
    units = _describe_units(case, chosen, file or EMPTY_FILE, record or EMPTY_RECORD, evidence)
    return DossierView(
        case=describe_decision_case_line(case),
        scheme_version=case.scheme_version,
        renews=case.renews,
        attempt=chosen.attempt,
        attempts=[row.attempt for row in recommended],
        has_file=file is not None,
        has_record=record is not None,
        submitted_at=kept.submitted_at if kept else None,
        signature=file.signature if file else "",
        form=describe_filed_form(file.form, kept.nik_shown if kept else "") if file else [],
        evidence=list(evidence.values()),
        units=units,
        deviations=_list_deviations(chosen, units, evidence),
        assessor_name=chosen.assessor_name,
        assessed_on=chosen.assessed_on,
        met_valid_until=chosen.met_valid_until,
        place=chosen.place,
        centre_verified_until=chosen.centre_verified_until,
        note=chosen.note,
        file_hash=chosen.file_hash,
        record_hash=chosen.record_hash,
    )


def list_readings(session: Session, case: DecisionCase) -> list[ReadingView]:
    """Who has declared to be impartial in the case, and when each of them opened its file first and last."""
    looked = {
        actor: (first, last)
        for actor, first, last in session.execute(
            select(AccessRow.actor_id, func.min(AccessRow.at), func.max(AccessRow.at))
            .where(
                AccessRow.person_id == case.applicant_id,
                AccessRow.look == Look.DOSSIER,
                AccessRow.subject == case.subject,
            )
            .group_by(AccessRow.actor_id)
        )
    }
    declared = select(Declaration).where(Declaration.case_id == case.id).order_by(Declaration.declared_at)
    return [
        ReadingView(name=row.account_name, declared_at=row.declared_at, first_at=first, last_at=last)
        for row in session.scalars(declared)
        for first, last in [looked.get(row.account_id, (None, None))]
    ]


def _describe_evidence(
    case_id: UUID, kept: SubmittedFile | None, file: FileContent, record: RecordContent
) -> dict[UUID, EvidenceView]:
    told = {one.document_id: one.active_content for one in kept.documents} if kept else {}
    checks = {check.document_id: check for check in record.checks}
    return {
        one.id: EvidenceView(
            document_id=one.id,
            title=one.title,
            sha256=one.sha256,
            size=one.size,
            address=f"/registration/dossier/{case_id}/documents/{one.id}",
            active_content=told.get(one.id),
            check=checks.get(one.id),
        )
        for one in file.documents
    }


def _describe_units(
    case: DecisionCase,
    chosen: Recommendation,
    file: FileContent,
    record: RecordContent,
    evidence: Mapping[UUID, EvidenceView],
) -> list[UnitDossier]:
    """Each unit; those that deviate first, then BK, then the scheme's own order."""
    scheme = _find_scheme(case)
    units = [
        _describe_unit(unit, scheme, file, record, evidence)
        for unit in describe_case_units(case, chosen, withheld=False)
        if unit.recommended is not None
    ]
    return sorted(units, key=lambda one: (not one.deviations, one.recommended != Judgement.BK))


def _describe_unit(
    unit: UnitView,
    scheme: Scheme | None,
    file: FileContent,
    record: RecordContent,
    evidence: Mapping[UUID, EvidenceView],
) -> UnitDossier:
    claims = [claim for claim in file.claims if claim.unit == unit.unit]
    found = record.judgements.get(unit.unit, {})
    plan = next((one for one in record.plan if one.unit == unit.unit), None)
    verdict = next((one for one in record.units if one.unit == unit.unit), None)
    known = scheme.unit(unit.unit) if scheme else None
    named = dict.fromkeys(one for claim in claims for one in claim.evidence if one in evidence)
    return UnitDossier(
        unit=unit.unit,
        title=unit.title,
        recommended=unit.recommended,
        standing=unit.standing,
        shown=derive_shown(found),
        note=verdict.note if verdict else "",
        approach=plan.approach if plan else "",
        tools=plan.tools if plan else [],
        methods=[
            MethodView(method=_find_method(code), found=found.get(code))
            for code in dict.fromkeys([*(plan.methods if plan else []), *found])
        ],
        claims=[
            ClaimView(
                element=claim.element,
                title=str(element.title) if known and (element := known.element(claim.element)) else claim.element,
                claim=claim.claim,
                evidence=[evidence[one].title for one in claim.evidence if one in evidence],
                note=claim.note,
            )
            for claim in claims
        ],
        evidence=[evidence[one] for one in named],
        further=[
            FurtherView(title=one.title, note=one.note) for one in record.further_evidence if one.unit == unit.unit
        ],
        deviations=find_unit_deviations(
            unit.recommended,
            found,
            [Claimed(claim.claim, bool(claim.evidence)) for claim in claims if claim.claim is not None],
        ),
    )


def _list_deviations(
    chosen: Recommendation, units: list[UnitDossier], evidence: Mapping[UUID, EvidenceView]
) -> list[DeviationView]:
    """Of the day, then of the units, then of the evidence."""
    about = {DeviationKind.MET: chosen.assessor_name, DeviationKind.CENTRE: chosen.place}
    day = find_day_deviations(chosen.assessed_on, chosen.met_valid_until, chosen.centre_verified_until)
    found = [DeviationView(kind=kind, about=about[kind], unit="", note="") for kind in day]
    found += [
        DeviationView(kind=kind, about=unit.title, unit=unit.unit, note=unit.note)
        for unit in units
        for kind in unit.deviations
    ]
    return found + [
        DeviationView(kind=DeviationKind.EVIDENCE, about=one.title, unit="", note=one.check.note)
        for one in evidence.values()
        if one.check is not None and not one.check.is_sound
    ]


def _find_scheme(case: DecisionCase) -> Scheme | None:
    try:
        return shipped_schemes().get(case.scheme_id, case.scheme_version)
    except NotFound:
        return None


def _find_method(code: str) -> Method | str:
    return Method(code) if code in set(Method) else code
