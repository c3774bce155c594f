"""People, facts and steps that the tests of certificate speak of."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.certificate import reactions
from services.certificate.body_settings import agreement_text
from services.certificate.commands.agreement import SignAgreement, sign_agreement
from services.certificate.commands.life import Reason
from services.certificate.domain.states import OrderState
from services.certificate.making.commands.issuing import Stored, confirm_version
from services.certificate.making.commands.numbering import number_certificate
from services.certificate.models import Certificate, Order
from shared.contracts import Envelope, Event, Fact
from shared.contracts.assessment import AssessmentRecommended
from shared.contracts.decision import CertificationDecided
from shared.contracts.registration import PhotoNeeded, PhotoPrepared, SelfAssessmentSubmitted
from shared.contracts.words import Judgement, UnitJudgement
from shared.messaging.models import OutboxRow
from shared.schemes import shipped_schemes
from shared.security.actor import Actor
from shared.security.roles import Role

MOMENT = datetime(2026, 11, 21, 9, tzinfo=UTC)
SCHEME = shipped_schemes().get("layanan-dasar", "2026.1")
CHAIR = Actor(uuid4(), "KETUA CONTOH", "ketua@contoh.test", frozenset({Role.CHAIR}))
REASON = Reason(reason="Laporan surveilan tidak disampaikan.")


class Candidate:
    """One applicant with one application, and what the other stages say of it."""

    def __init__(self, name: str = "SITI CONTOH", **changes: Any) -> None:
        self.actor = Actor(uuid4(), name, "siti@contoh.test", frozenset({Role.APPLICANT}))
        self.application_id = uuid4()
        self.changes = changes

    def _common(self) -> dict[str, Any]:
        return {
            "application_id": self.application_id,
            "applicant_id": self.actor.id,
            "applicant_name": self.actor.name,
            "scheme_id": SCHEME.id,
            "scheme_version": SCHEME.version,
            "scheme_title": SCHEME.title.id,
            "renews": None,
            **self.changes,
        }

    def submitted(self) -> SelfAssessmentSubmitted:
        return SelfAssessmentSubmitted(
            **self._common(), round=1, verifier_id=uuid4(), units=SCHEME.codes, claims=[], documents=[],
            adjustment_needed=False, adjustment_note="", submitted_at=MOMENT, file_hash="ab" * 32,
        )  # fmt: skip

    def photographed(self, key: str = "", sha256: str = "ef" * 32) -> PhotoPrepared:
        """The photo is ready. Without a key there is none in the store, and the sheet is made without."""
        return PhotoPrepared(
            application_id=self.application_id, applicant_id=self.actor.id, key=key, sha256=sha256
        )  # fmt: skip

    def unphotographed(self) -> PhotoNeeded:
        told = {"application_id": self.application_id, "applicant_id": self.actor.id}
        return PhotoNeeded(**told, scheme_title=SCHEME.title.id, reason="Buram.")

    def recommended(self) -> AssessmentRecommended:
        return AssessmentRecommended(
            **self._common(), case_id=uuid4(), attempt=0, units=self._judged(), assessor_id=uuid4(),
            assessor_name="ASESOR CONTOH", verifier_id=uuid4(), assessed_on=MOMENT.date(), place="TUK contoh", note="",
            file_hash="ab" * 32, record_hash="cd" * 32,
        )  # fmt: skip

    def decided(self, judgement: Judgement = Judgement.K, **changes: Any) -> CertificationDecided:
        told = {
            **self._common(), "decision_id": uuid4(), "case_id": uuid4(), "attempt": 0,
            "units": self._judged(judgement), "judgement": judgement, "decree_number": "001/SK/LSP/XI/2026",
            "decided_by": CHAIR.id, "decided_by_name": CHAIR.name, "acting_for_chair": False, "decided_at": MOMENT,
            "meeting_id": uuid4(), "file_hash": "ab" * 32, "appeal_until": MOMENT,
        }  # fmt: skip
        return CertificationDecided(**{**told, **changes})

    def signature(self, **changes: Any) -> SignAgreement:
        given = {"agreed": True, "name": self.actor.name.title(), "version": agreement_text().version}
        return SignAgreement.model_validate({**given, **changes})

    def sign(self, session: Session) -> Order:
        return sign_agreement(session, self.actor, self.application_id, self.signature())

    def _judged(self, last: Judgement = Judgement.K) -> list[UnitJudgement]:
        judgements = [Judgement.K] * (len(SCHEME.codes) - 1) + [last]
        return [UnitJudgement(unit=c, judgement=j) for c, j in zip(SCHEME.codes, judgements, strict=True)]


def hear(session: Session, *facts: Fact) -> None:
    """React to each of `facts` in turn, as the service does."""
    hear_in_turn(session, 1, *facts)


def hear_in_turn(session: Session, first: int, *facts: Fact) -> None:
    """React to `facts`, numbered from `first` among what was told of their aggregate."""
    for sequence, fact in enumerate(facts, start=first):
        event = Event(
            id=uuid4(), type=fact.type, source=f"/{fact.service}", subject=f"test/{uuid4()}", time=MOMENT,
            sequence=sequence, correlation_id="test", causation_id=None, fact=fact,
        )  # fmt: skip
        reactions.reactions.react(session, event)
    session.flush()


def certificate_of(session: Session, application_id: UUID) -> Certificate | None:
    found = select(Certificate).where(Certificate.application_id == application_id).order_by(Certificate.serial.desc())
    return session.scalars(found.limit(1)).one_or_none()


def cleared(session: Session, candidate: Candidate) -> Order:
    """Everything met: the order waits for its number."""
    hear(session, candidate.submitted(), candidate.photographed(), candidate.recommended(), candidate.decided())
    order = candidate.sign(session)
    session.flush()
    return order


def numbered(session: Session, candidate: Candidate) -> Certificate:
    """Everything met: the certificate has its number."""
    order = cleared(session, candidate)
    assert order.state is OrderState.CLEARED
    certificate = number_certificate(session, order)
    session.flush()
    return certificate


def issued(session: Session, candidate: Candidate) -> Certificate:
    certificate = numbered(session, candidate)
    confirm_version(session, certificate.current, Stored("certificates/x.pdf", "ef" * 32, 1000))
    session.flush()
    return certificate


def told(session: Session) -> list[Envelope]:
    """What was announced so far, oldest first."""
    rows = session.scalars(select(OutboxRow)).all()
    return sorted((Envelope.model_validate_json(row.envelope) for row in rows), key=lambda e: (e.time, e.sequence))


def types_told(session: Session) -> list[str]:
    return [envelope.type.removeprefix("id.kompeten.").removesuffix(".v1") for envelope in told(session)]
