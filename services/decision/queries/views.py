"""What is shown of the records, to people and programs alike."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from services.decision.domain.appeals import Step, Vote
from services.decision.domain.impartiality import Ground
from services.decision.domain.judging import Opinion
from services.decision.domain.workflow import AppealState, CaseState, MeetingState
from services.decision.models import ItemState
from shared.contracts.words import Judgement


class PersonView(BaseModel):
    """Somebody who may be named."""

    id: UUID
    name: str
    roles: list[str]


class UnitView(BaseModel):
    """One unit: `standing` is what was decided last, `recommended` what the pending attempt's assessor found."""

    unit: str
    title: str
    recommended: Judgement | None = None
    standing: Judgement | None = None


class CaseSummary(BaseModel):
    """A case as one line of a list."""

    id: UUID
    applicant_name: str
    scheme_id: str
    scheme_title: str
    attempt: int
    state: CaseState
    state_since: datetime
    appeal_until: datetime | None
    meeting_id: UUID | None


class RecommendationView(BaseModel):
    """What one assessor recommended after one attempt."""

    attempt: int
    units: dict[str, Judgement]
    assessor_id: UUID
    assessor_name: str
    assessed_on: date
    met_valid_until: date | None
    centre_verified_until: date | None
    place: str
    note: str
    file_hash: str
    record_hash: str
    received_at: datetime


class DecisionView(BaseModel):
    """The chair's decision on one attempt: `units` of the whole application, `attempt_units` of this attempt."""

    id: UUID
    case_id: UUID
    attempt: int
    meeting_id: UUID
    judgement: Judgement
    units: dict[str, Judgement]
    attempt_units: dict[str, Judgement]
    reason: str
    decree_number: str
    decided_by: UUID
    decided_by_name: str
    acting_for_chair: bool
    decided_at: datetime
    appeal_until: datetime
    file_hash: str


class RecusalView(BaseModel):
    """Why a member keeps out of a case; `automatic` when the records showed it."""

    case_id: UUID
    member_id: UUID
    member_name: str
    ground: Ground
    reason: str
    automatic: bool
    recorded_at: datetime


class OpinionView(BaseModel):
    """What a member said on a case."""

    case_id: UUID
    member_id: UUID
    member_name: str
    opinion: Opinion
    note: str
    given_at: datetime


class CaseView(CaseSummary):
    """A case with all that led to its decisions; `withheld` when the asker keeps out of it and it is not decided yet.

    Then what was recommended last and what was said on it are left out (R1).
    """

    applicant_id: UUID
    scheme_version: str
    renews: str | None
    closed_reason: str
    units: list[UnitView]
    recommendations: list[RecommendationView]
    decisions: list[DecisionView]
    recusals: list[RecusalView]
    opinions: list[OpinionView]
    withheld: bool = False


class MemberView(BaseModel):
    """A member of a meeting."""

    account_id: UUID
    name: str
    office: str
    present: bool


class ItemView(BaseModel):
    """A case on the agenda. `outstanding` are the members who have yet to speak; `decider` is who decides it.

    `withheld` when the asker keeps out of it and it is not decided yet: then recommendation and opinions are left out.
    """

    case: CaseSummary
    attempt: int
    position: int
    state: ItemState
    note: str
    units: list[UnitView]
    assessor_name: str
    assessor_note: str
    recusals: list[RecusalView]
    opinions: list[OpinionView]
    decider: UUID | None
    acting_for_chair: bool
    eligible: int
    outstanding: list[UUID]
    decision: DecisionView | None
    withheld: bool = False


class MeetingSummary(BaseModel):
    """A meeting as one line of a list."""

    id: UUID
    at: datetime
    place: str
    state: MeetingState
    quorum: int
    called_by_name: str
    opened_at: datetime | None
    closed_at: datetime | None
    note: str
    minutes_sha256: str | None


class MeetingView(MeetingSummary):
    """A meeting with its members and its agenda; how many cases are decided, how many wait."""

    opened_by_name: str
    closed_by_name: str
    members: list[MemberView]
    items: list[ItemView]
    decided: int
    waiting: int


class PanelMemberView(BaseModel):
    """A member of a panel, with the vote or with when he or she stepped down."""

    account_id: UUID
    name: str
    vote: Vote | None
    reasons: str
    voted_at: datetime | None
    declined_at: datetime | None


class StepView(BaseModel):
    """What the appellant was told, and when (R9)."""

    step: Step
    at: datetime


class Precedent(BaseModel):
    """How an earlier appeal on the same unit ended, without the people in it (R10)."""

    unit: str
    scheme_title: str
    upheld: bool
    reasons: str
    ended_at: datetime


class AppealSummary(BaseModel):
    """An appeal as one line of a list."""

    id: UUID
    case_id: UUID
    applicant_name: str
    scheme_title: str
    attempt: int
    state: AppealState
    received_at: datetime
    ended_at: datetime | None


class AppealView(AppealSummary):
    """What panel and officers see."""

    units: list[UnitView]
    reasons: str
    decision: DecisionView
    recommendation: RecommendationView
    panel: list[PanelMemberView]
    steps: list[StepView]
    outcome_reasons: str
    decided_by_name: str
    precedents: list[Precedent]


class RecommendationOutcome(BaseModel):
    """What became of an assessor's own recommendation; nothing of any appeal (R10)."""

    application_id: UUID
    applicant_name: str
    scheme_title: str
    attempt: int
    assessed_on: date
    recommended: dict[str, Judgement]
    decided: dict[str, Judgement] | None
    decided_at: datetime | None
