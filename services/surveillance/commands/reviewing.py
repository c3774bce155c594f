"""What the reviewers do with a report; what they propose is decided by the officers (domain handbook 7)."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints
from sqlalchemy.orm import Session

from services.surveillance.body_settings import body_settings, body_working_days
from services.surveillance.commands.loading import load_surveillance, refuse_ended_certificate
from services.surveillance.domain import workflow
from services.surveillance.domain.workflow import Outcome
from services.surveillance.models import Review, Surveillance
from shared.audit import record_act
from shared.clock import today
from shared.contracts.surveillance import SurveillanceReviewed
from shared.errors import N_, Forbidden, Invalid
from shared.messaging.outbox import announce
from shared.security.actor import Actor

REASONS = N_("Tulis alasannya: pemegang sertifikat membacanya dan, bila perlu, menindaklanjutinya.")


class ReviewReport(BaseModel):
    """What a reviewer says of a report. `reasons` are told to the holder; only `maintained` needs none."""

    model_config = ConfigDict(extra="forbid")

    outcome: Outcome
    reasons: Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)] = ""


def review_report(session: Session, actor: Actor, surveillance_id: UUID, given: ReviewReport) -> Surveillance:
    """Keep what the reviewer found, bring the report to its next state and tell SurveillanceReviewed.

    Raises NotFound for an unknown report, Forbidden for one on the reviewer's own certificate (ISO/IEC 17024 4.3),
    Conflict when its state does not allow the outcome or the certificate has ended, Invalid without reasons.
    """
    surveillance = load_surveillance(session, surveillance_id)
    if surveillance.holding.holder_id == actor.id:
        raise Forbidden("own-certificate", N_("Laporan atas sertifikat Anda sendiri ditinjau oleh orang lain."))
    refuse_ended_certificate(surveillance)
    before = surveillance.state
    after = workflow.apply_review(before, given.outcome, answer_by=surveillance.answer_by, today=today())
    if given.outcome is not Outcome.MAINTAINED and not given.reasons:
        raise Invalid("reasons-missing", REASONS, fields={"reasons": REASONS})
    answer_by = _answer_by(given.outcome)
    surveillance.reviews.append(
        Review(
            surveillance_id=surveillance.id,
            outcome=given.outcome,
            reasons=given.reasons,
            answer_by=answer_by,
            reviewer_id=actor.id,
            reviewer_name=actor.name,
        )
    )
    surveillance.answer_by = answer_by
    surveillance.goes_to(after)
    announce(
        session,
        surveillance,
        SurveillanceReviewed(
            **surveillance.as_told(), outcome=given.outcome.value, reasons=given.reasons, answer_by=answer_by
        ),
    )
    record_act(
        session,
        actor,
        "surveillance:review",
        surveillance.subject,
        before={"state": before},
        after={"state": after, "reasons": given.reasons},
    )
    return surveillance


def _answer_by(outcome: Outcome) -> date | None:
    if outcome is not Outcome.CLARIFICATION_NEEDED:
        return None
    return body_working_days().after(today(), body_settings().clarification_working_days)
