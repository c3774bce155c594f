"""What candidates are shown of their own cases: decisions, the ways on after BK, appeals (process 2.9, 2.10)."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from services.decision.domain.workflow import AppealState, CaseState
from services.decision.queries.views import StepView, UnitView
from shared.contracts.words import Judgement


class OwnAppeal(BaseModel):
    """An appeal as the appellant is told of it (R9)."""

    id: UUID
    units: list[str]
    reasons: str
    state: AppealState
    received_at: datetime
    panel: list[str]
    steps: list[StepView]
    outcome_reasons: str
    ended_at: datetime | None


class OwnDecision(BaseModel):
    """A decision as its candidate reads it, with the appeal against it."""

    id: UUID
    attempt: int
    judgement: Judgement
    units: list[UnitView]
    reason: str
    decree_number: str
    decided_by_name: str
    decided_at: datetime
    appeal_until: datetime
    file_hash: str
    appeal: OwnAppeal | None


class TryView(BaseModel):
    """One BK unit before another try: the `number` of `most` it would be, why it is BK, what would show competence."""

    unit: str
    title: str
    number: int
    most: int
    reasons: list[str]
    elements: list[str]


class OwnCase(BaseModel):
    """A candidate's own case. `appealable` are the BK units an appeal may be about just now.

    `tries` are all its BK units that may be assessed again, on either way (R28); `reassess_until` is until when one can
    ask for it.
    """

    id: UUID
    scheme_title: str
    attempt: int
    state: CaseState
    state_since: datetime
    appealable: list[UnitView]
    used_up: list[str]
    appeal_until: datetime | None
    tries: list[TryView]
    reassess_until: datetime | None
    closed_reason: str
    decisions: list[OwnDecision]
