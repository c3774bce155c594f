"""Facts told by assessment: assignment, pre-assessment, the day itself, the recommendation (process 2.6 to 2.8)."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from shared.contracts.envelope import Fact
from shared.contracts.sealed import SealedFor
from shared.contracts.words import ItemReason, UnitJudgement

SERVICE = "assessment"


class Case(Fact):
    """One assessment of one candidate. `attempt` is 0 for the first, 1 to 3 for re-assessments (R28)."""

    case_id: UUID
    application_id: UUID
    applicant_id: UUID
    attempt: int


class AssessorAssigned(Case, service=SERVICE, fact="assessor_assigned"):
    """The assessor still has to declare impartiality before seeing the file (R4)."""

    assessor_id: UUID
    assessor_name: str


class AssessorCleared(Case, service=SERVICE, fact="assessor_cleared"):
    """The assessor declared impartiality: the file opens for this assessor, for this case only (R4)."""

    assessor_id: UUID
    declared_at: datetime


class AssessorBlocked(Case, service=SERVICE, fact="assessor_blocked"):
    """A declared conflict blocks the assignment: another assessor is needed (R4)."""

    assessor_id: UUID


class AssessorReleased(Case, service=SERVICE, fact="assessor_released"):
    """The assessor is taken off the case: the file closes for him or her, another is needed."""

    assessor_id: UUID


class PreAssessmentScheduled(Case, service=SERVICE, fact="pre_assessment_scheduled"):
    """When and where candidate and assessor talk the assessment over (process 2.6)."""

    assessor_name: str
    at: datetime
    place: str


class CandidateReturned(Case, service=SERVICE, fact="candidate_returned"):
    """The assessor does not recommend to continue: form and documents go back with reasons (process 2.6)."""

    assessor_id: UUID
    reasons: list[ItemReason]
    note: str


class PlanProposed(Case, service=SERVICE, fact="plan_proposed"):
    """The plan waits for the candidate's agreement (FR.AK.01)."""

    assessor_name: str


class PlanAgreed(Case, service=SERVICE, fact="plan_agreed"):
    """Assessor and candidate agreed approach, plan, methods, rules; the assessor recommends to continue (FR.AK.01)."""

    agreed_at: datetime


class AssessmentScheduled(Case, service=SERVICE, fact="assessment_scheduled"):
    """Place, day and assessor are announced (process 2.7); `bring` lists the paper file."""

    assessor_id: UUID
    assessor_name: str
    place: str
    address: str
    at: datetime
    bring: list[str]


class AssessmentPostponed(Case, service=SERVICE, fact="assessment_postponed"):
    """The day announced before does not hold; a new one will be announced."""

    reason: str


class AssessmentRecommended(Case, service=SERVICE, fact="assessment_recommended"):
    """What the assessor recommends, per unit: never a decision (process 2.8, R2).

    `units` are the units assessed in this attempt; a re-assessment holds only those that were BK before.
    `assessor_registration` is the MET number the assessor had on the day; empty in facts told before it was kept.
    `unit_notes` says why, by unit, where the assessor wrote it: the candidate reads it with a decision of BK.
    `met_valid_until` and `centre_verified_until` are the last days of the MET registration and of the TUK's
    verification as they stood when it was recommended (R5, R6); None in facts told before they were kept.
    `record` is the canonical JSON whose SHA-256 is `record_hash`: checks of the evidence, agreed plan, what each method
    showed of each unit, and why the assessor recommends otherwise. It is sealed for the officers, who decide on the
    content (R12), and empty in facts told before it was kept. Adjustments are not in it: they are for the candidate
    and the assessor.
    """

    applicant_name: str
    scheme_id: str
    scheme_version: str
    scheme_title: str
    units: list[UnitJudgement]
    assessor_id: UUID
    assessor_name: str
    verifier_id: UUID
    assessed_on: date
    place: str
    note: str
    file_hash: str
    record_hash: str
    renews: str | None
    assessor_registration: str = ""
    unit_notes: dict[str, str] = {}
    met_valid_until: date | None = None
    centre_verified_until: date | None = None
    record: Annotated[str, SealedFor("decision")] = ""
