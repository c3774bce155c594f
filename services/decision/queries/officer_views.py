"""What pages and API show of the offices: who holds them, and what is proposed about them (R13)."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel


class AppointmentView(BaseModel):
    """Who holds an office, from when until when, who proposed and who confirmed it (nobody: the first set)."""

    id: UUID
    office: str
    account_id: UUID
    name: str
    since: date
    until: date
    named_at: datetime
    named_by_name: str
    confirmed_by_name: str


class ProposalView(BaseModel):
    """What an administrator proposed about an office; `may_answer` and `may_withdraw` are about whoever asks."""

    id: UUID
    kind: str
    office: str
    account_id: UUID
    name: str
    since: date
    until: date
    appointment_id: UUID | None
    proposed_at: datetime
    proposed_by_name: str
    expires_at: datetime
    state: str
    answered_at: datetime | None
    answered_by_name: str
    reason: str
    waits_for: list[str]
    may_answer: bool = False
    may_withdraw: bool = False
