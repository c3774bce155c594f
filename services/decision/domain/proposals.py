"""No single hand makes a chair: one person proposes who holds an office, another confirms (R13, decision 101)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from shared.errors import N_, Conflict, Forbidden

PROPOSAL_DAYS = 14
"""How long a proposal waits for its answer before it lapses."""


class ProposalKind(StrEnum):
    """What is proposed: that somebody holds an office (or deputises), or that a term ends early."""

    NAME = "name"
    END = "end"


class ProposalState(StrEnum):
    """What became of a proposal."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Person:
    """An account and, where registration knows whose it is, the person (one NIK is one person, domain handbook 3.4)."""

    account: UUID
    person: UUID | None

    def is_same(self, other: "Person") -> bool:
        """Whether both are one human being: the same account, or accounts of the same person."""
        return self.account == other.account or (self.person is not None and self.person == other.person)


def find_end_of_waiting(proposed_at: datetime) -> datetime:
    """When a proposal of that moment lapses."""
    return proposed_at + timedelta(days=PROPOSAL_DAYS)


def require_open(state: ProposalState, expires_at: datetime, now: datetime) -> None:
    """Raise Conflict for a proposal that was answered already, or that nobody answered in time."""
    if state == ProposalState.LAPSED or (state == ProposalState.OPEN and expires_at <= now):
        raise Conflict("proposal-lapsed", N_("Usulan ini gugur karena tidak dijawab pada waktunya; usulkan kembali."))
    if state != ProposalState.OPEN:
        raise Conflict("proposal-answered", N_("Usulan ini sudah dijawab atau ditarik."))


def require_second_person(answering: Person, proposer: Person, concerned: Person) -> None:
    """Refuse who proposed it, and whom it concerns. Raises Forbidden `proposal-own` or `proposal-concerns-self`."""
    if answering.is_same(proposer):
        raise Forbidden("proposal-own", N_("Usulan sendiri disetujui atau ditolak oleh orang lain."))
    if answering.is_same(concerned):
        raise Forbidden("proposal-concerns-self", N_("Usulan yang menyangkut diri sendiri dijawab oleh pejabat lain."))
