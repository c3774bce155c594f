"""FR-APL-02: kept as a draft, signed and sent in with the whole file (process 2.5)."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session, selectinload

from services.registration.commands.loading import check_application_version, load_own_application
from services.registration.commands.photos import enqueue_photo
from services.registration.domain import self_assessment as rules
from services.registration.domain.application import check_signature
from services.registration.domain.form import Line, Section, Version
from services.registration.domain.self_assessment import Claim
from services.registration.domain.workflow import SELF_ASSESSMENT_OPEN, STATES, Act, apply_application_act
from services.registration.encrypted_kinds import ADJUSTMENT, NIK
from services.registration.models import Application, Document, SelfAssessment
from shared import clock
from shared.audit import record_act
from shared.contracts.registration import ElementClaim, EvidenceDocument, SelfAssessmentSubmitted
from shared.contracts.words import Judgement
from shared.errors import N_, Conflict
from shared.messaging.outbox import announce
from shared.schemes import Scheme, shipped_schemes
from shared.security.actor import Actor
from shared.security.encryption import blind_index
from shared.security.masking import mask_nik
from shared.security.sealing import seal_field


class SubmitSelfAssessment(Section):
    """The signature is one's own name; `statement` says that the claims are true."""

    signature: Line
    statement: bool
    version: Version = None


def save_self_assessment(
    session: Session, actor: Actor, application_id: UUID, claims: Sequence[Claim], version: int | None = None
) -> Application:
    """Keep FR-APL-02 as far as it is filled; an element that `claims` leave out is empty from then on (process 2.5).

    Raises NotFound, Conflict when it is not open or was changed meanwhile, Invalid for elements the scheme has not.
    """
    application, scheme = _open_for(session, actor, application_id)
    check_application_version(application, version)
    current = find_open_self_assessment(application)
    if current is None:
        current = SelfAssessment(number=len(application.self_assessments) + 1, file=None)
        application.self_assessments.append(current)
    current.claims = rules.order_claims(claims, scheme)
    application.updated_at = clock.now()
    record_act(session, actor, "self-assessment:save", application.subject, None, {"number": current.number})
    return application


def submit_self_assessment(
    session: Session, actor: Actor, application_id: UUID, command: SubmitSelfAssessment
) -> Application:
    """Submit FR-APL-02 and with it the whole file: every element judged, every K shown, signed (process 2.5; R19).

    The file is kept as submitted with the SHA-256 of its canonical JSON (R12). Raises NotFound, Conflict when it is not
    open or was changed meanwhile, Invalid with `fields` for what is missing.
    """
    application, scheme = _open_for(session, actor, application_id)
    check_application_version(application, command.version)
    current = find_open_self_assessment(application)
    claims = rules.order_claims(read_claims_of(current), scheme)
    rules.check_self_assessment(claims, {document.id for document in application.present})
    check_signature(command.signature, application.applicant_name, statement=command.statement)
    before = {"state": application.state}
    application.state = apply_application_act(application.state, Act.SUBMIT)
    now = clock.now()
    assert current is not None  # noqa: S101 - claims without a row are incomplete
    # A new list, never a change in place: the column would not notice it.
    current.claims = claims
    current.signature, current.submitted_at = command.signature.strip(), now
    current.file = describe_whole_file(application, current, now)
    text = write_submitted_file(current.file)
    current.file_hash = hash_filed_text(text)
    announce(session, application, _fact(application, scheme, claims, text, now))
    enqueue_photo(session, application)
    record_act(
        session, actor, "self-assessment:submit", application.subject, before,
        {"state": application.state, "number": current.number, "file_hash": current.file_hash},
    )  # fmt: skip
    return application


def find_open_self_assessment(application: Application) -> SelfAssessment | None:
    """Return the self-assessment being filled in; None where nothing was saved since the last was submitted."""
    latest = application.self_assessments[-1] if application.self_assessments else None
    return latest if latest is not None and latest.submitted_at is None else None


def read_latest_claims(application: Application, scheme: Scheme) -> list[Claim]:
    """Return one claim per element: of the draft, else of the last submission, so that only changes are typed again."""
    latest = application.self_assessments[-1] if application.self_assessments else None
    return rules.order_claims(read_claims_of(latest), scheme)


def read_claims_of(kept: SelfAssessment | None) -> list[Claim]:
    """Return the claims of a self-assessment; none where there is no self-assessment yet."""
    return kept.claims if kept else []


def describe_whole_file(application: Application, current: SelfAssessment, at: datetime) -> dict[str, Any]:
    """Return FR-APL-01, FR-APL-02 and the documents as JSON data, ready to be hashed.

    NIK and adjustment stand in it by their blind indexes: the hash is checked without opening them (decision 31).
    """
    return {
        "application_id": str(application.id),
        "applicant_id": str(application.applicant_id),
        "scheme": {"id": application.scheme_id, "version": application.scheme_version},
        "round": application.round,
        "path": application.path,
        "verifier_id": str(application.verifier_id),
        "renews": application.renews,
        "form": application.form.model_dump(mode="json"),
        "nik_index": blind_index(NIK, application.nik, "nik") if application.nik else None,
        "adjustment_index": application.adjustment and blind_index(ADJUSTMENT, application.adjustment, "adjustment"),
        "documents": [_described(document) for document in application.present],
        "claims": [claim.model_dump(mode="json") for claim in current.claims],
        "signature": current.signature,
        "submitted_at": at.isoformat(),
    }


def hash_submitted_file(file: dict[str, Any]) -> str:
    """Return the SHA-256 of the file's canonical JSON, in hexadecimal."""
    return hash_filed_text(write_submitted_file(file))


def write_submitted_file(file: dict[str, Any]) -> str:
    """Return the file's canonical JSON (keys sorted, no spaces, UTF-8): one text for one content."""
    return json.dumps(file, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def hash_filed_text(text: str) -> str:
    """Return the SHA-256 of a text, in hexadecimal."""
    return sha256(text.encode()).hexdigest()


def _described(document: Document) -> dict[str, Any]:
    return {
        "id": str(document.id),
        "kind": document.kind.value,
        "title": document.title,
        "sha256": document.sha256,
        "size": document.size,
    }


def _open_for(session: Session, actor: Actor, application_id: UUID) -> tuple[Application, Scheme]:
    application = load_own_application(session, actor, application_id, selectinload(Application.self_assessments))
    if application.state not in SELF_ASSESSMENT_OPEN:
        raise Conflict(
            "self-assessment-not-open",
            N_("Permohonan berstatus “{state}”; asesmen mandiri diisi setelah permohonan dinyatakan lengkap."),
            state=STATES[application.state],
        )
    return application, shipped_schemes().get(application.scheme_id, application.scheme_version)


def _fact(
    application: Application, scheme: Scheme, claims: Iterable[Claim], text: str, at: datetime
) -> SelfAssessmentSubmitted:
    assert application.verifier_id is not None  # noqa: S101 - admitted by somebody
    return SelfAssessmentSubmitted(
        application_id=application.id,
        applicant_id=application.applicant_id,
        scheme_id=scheme.id,
        scheme_version=scheme.version,
        scheme_title=scheme.title.id,
        applicant_name=application.applicant_name,
        round=len(application.self_assessments),
        verifier_id=application.verifier_id,
        units=scheme.codes,
        claims=[
            ElementClaim(
                unit=claim.unit,
                element=claim.element,
                claim=claim.claim or Judgement.BK,
                evidence=list(claim.evidence),
                note=claim.note,
            )
            for claim in claims
        ],
        documents=[
            EvidenceDocument(
                document_id=document.id,
                kind=document.kind.value,
                title=document.title,
                sha256=document.sha256,
                path=f"/registration/documents/{document.id}",
                active_content=document.active_content,
            )
            for document in application.present
        ],
        adjustment_note=seal_field(SelfAssessmentSubmitted, "adjustment_note", application.adjustment or ""),
        submitted_at=at,
        file_hash=hash_filed_text(text),
        renews=application.renews,
        file=seal_field(SelfAssessmentSubmitted, "file", text),
        nik_shown=seal_field(SelfAssessmentSubmitted, "nik_shown", mask_nik(application.nik or "")),
    )
