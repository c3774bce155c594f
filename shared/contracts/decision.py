"""Facts told by decision: meetings, decisions, appeals, orders to re-assess (process 2.9, 2.10)."""

from datetime import date, datetime
from uuid import UUID

from shared.contracts.envelope import Fact
from shared.contracts.words import Judgement, UnitJudgement

SERVICE = "decision"


class MeetingCalled(Fact, service=SERVICE, fact="meeting_called"):
    """A decision meeting with its members and its agenda."""

    meeting_id: UUID
    at: datetime
    place: str
    members: list[UUID]
    application_ids: list[UUID]


class Dossier(Fact):
    """The file of one case and one person who decides on it."""

    application_id: UUID
    applicant_id: UUID
    person_id: UUID


class DossierOpened(Dossier, service=SERVICE, fact="dossier_opened"):
    """An officer, or a member of an appeal's panel, has declared to be free of conflicts in this case (R1, R7): the
    evidence of the file opens to this person."""

    declared_at: datetime


class DossierClosed(Dossier, service=SERVICE, fact="dossier_closed"):
    """The person keeps out of the case from now on: its evidence is closed again (R1, R7)."""


class CertificationDecided(Fact, service=SERVICE, fact="certification_decided"):
    """The chair's decision on the outcome of the meeting (process 2.9).

    `units` holds every unit of the application as judged now; `judgement` is K only when all units are K (R11).
    `file_hash` is the SHA-256 of the file the decision rests on, frozen with it (R12). `reassess_until` is until when a
    re-assessment of the BK units can be asked for, null where there are none (process 2.10).
    """

    decision_id: UUID
    application_id: UUID
    case_id: UUID
    applicant_id: UUID
    applicant_name: str
    attempt: int
    scheme_id: str
    scheme_version: str
    scheme_title: str
    units: list[UnitJudgement]
    judgement: Judgement
    decree_number: str
    decided_by: UUID
    decided_by_name: str
    acting_for_chair: bool
    decided_at: datetime
    meeting_id: UUID
    file_hash: str
    appeal_until: datetime
    renews: str | None
    reassess_until: datetime | None = None


class CaseClosed(Fact, service=SERVICE, fact="case_closed"):
    """A BK decision is final: no way on is open any more, and the person may apply for the scheme anew (process 2.10).

    `reason`: `lapsed` (the time for it passed), `given_up` (by the candidate) or `used_up` (every BK unit was
    re-assessed three times, R28).
    """

    application_id: UUID
    applicant_id: UUID
    scheme_id: str
    scheme_title: str
    reason: str
    closed_at: datetime


class Appeal(Fact):
    """What every fact about one appeal begins with."""

    appeal_id: UUID
    application_id: UUID
    applicant_id: UUID


class AppealReceived(Appeal, service=SERVICE, fact="appeal_received"):
    """An appeal came in; its receipt is acknowledged to the applicant (R9)."""

    received_at: datetime
    units: list[str]


class AppealPanelNamed(Appeal, service=SERVICE, fact="appeal_panel_named"):
    """The panel was named: progress is told (R9). None of it assessed, verified or decided the case (R7)."""

    panel: list[UUID]


class AppealDecided(Appeal, service=SERVICE, fact="appeal_decided"):
    """The panel has decided: outcome, reasons and with them the formal end are told (R9)."""

    upheld: bool
    reasons: str
    decided_at: datetime


class ReassessmentOrdered(Fact, service=SERVICE, fact="reassessment_ordered"):
    """A new attempt at BK units only (R28), by none of `excluded_assessors`; says nothing of an appeal (R10).

    `another_assessor`: by nobody who was assigned before. A re-assessment the candidate asked for may go to anybody.
    """

    application_id: UUID
    applicant_id: UUID
    attempt: int
    units: list[str]
    excluded_assessors: list[UUID]
    another_assessor: bool = True
    ordered_at: datetime


class OfficerProposal(Fact):
    """What every fact about one proposal begins with: `account_id` is to hold `office` from `since` to `until`.

    `kind` is `name` or `end`; for `end`, `until` is the last day in office. `office_name` is what it is called.
    """

    proposal_id: UUID
    kind: str
    office: str
    office_name: str
    account_id: UUID
    name: str
    since: date
    until: date
    proposed_by: UUID
    proposed_by_name: str


class OfficerProposed(OfficerProposal, service=SERVICE, fact="officer_proposed"):
    """An administrator proposed it; one of `confirmers`, officers it does not concern, answers until `expires_at`."""

    confirmers: list[UUID]
    expires_at: datetime


class OfficerProposalAnswered(OfficerProposal, service=SERVICE, fact="officer_proposal_answered"):
    """The proposal has its end: `outcome` is `confirmed`, `refused`, `withdrawn` or `lapsed` (R13)."""

    outcome: str
    answered_by: UUID | None
    answered_by_name: str
    reason: str
    answered_at: datetime
