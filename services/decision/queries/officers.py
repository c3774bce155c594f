"""Who holds which office, and what is known of the people."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.decision.domain.proposals import Person, ProposalState
from services.decision.domain.roster import Term, find_office, find_officers
from services.decision.models import AccountCopy, Appointment, OfficerProposal
from services.decision.queries.officer_views import ProposalView
from shared.clock import now, today
from shared.errors import N_, NotFound
from shared.persons import normalise_email
from shared.security.actor import Actor
from shared.security.roles import Role


def list_terms(session: Session) -> list[Term]:
    """Every appointment ever recorded, oldest first."""
    return [row.term() for row in session.scalars(select(Appointment).order_by(Appointment.named_at))]


def list_appointments(session: Session) -> list[Appointment]:
    """The appointments, latest term first."""
    return list(session.scalars(select(Appointment).order_by(Appointment.since.desc(), Appointment.office)))


def load_appointment(session: Session, appointment_id: UUID) -> Appointment:
    """The appointment with this id. Raises NotFound."""
    row = session.get(Appointment, appointment_id)
    if row is None:
        raise NotFound("appointment-unknown", N_("Penunjukan tidak ditemukan."))
    return row


def load_proposal(session: Session, proposal_id: UUID) -> OfficerProposal:
    """The proposal with this id. Raises NotFound."""
    row = session.get(OfficerProposal, proposal_id)
    if row is None:
        raise NotFound("proposal-unknown", N_("Usulan tidak ditemukan."))
    return row


def find_office_today(session: Session, account: UUID, day: date | None = None) -> Role | None:
    """The office, among the five, that `account` holds on `day` (today where none is given)."""
    return find_office(list_terms(session), account, day or today())


def find_accounts(session: Session, ids: Iterable[UUID]) -> dict[UUID, AccountCopy]:
    """Those of the accounts that are known here, by id."""
    wanted = set(ids)
    if not wanted:
        return {}
    return {row.id: row for row in session.scalars(select(AccountCopy).where(AccountCopy.id.in_(wanted)))}


def find_account_by_email(session: Session, email: str) -> UUID:
    """The account with this address. Raises NotFound for one that registration has told nothing of."""
    found = session.scalar(select(AccountCopy.id).where(AccountCopy.email == normalise_email(email)))
    if found is None:
        raise NotFound("account-unknown", N_("Akun tidak dikenal."))
    return found


def list_accounts_with_role(session: Session, *roles: Role) -> list[AccountCopy]:
    """Active accounts that hold one of `roles`, by name. Roles are a short list on a small table: sorted out here."""
    rows = session.scalars(select(AccountCopy).where(AccountCopy.active).order_by(AccountCopy.name))
    return [row for row in rows if not set(roles).isdisjoint(row.roles)]


def find_person(session: Session, account_id: UUID) -> Person:
    """Whose account it is, as far as registration has told."""
    copy = session.get(AccountCopy, account_id)
    return Person(account_id, copy.person_id if copy else None)


def list_confirmers(session: Session, proposer: Person, concerned: Person) -> list[UUID]:
    """Officers in office today with an active account who could confirm: neither who proposes nor whom it concerns."""
    found = []
    for term in find_officers(list_terms(session), today()).values():
        account = session.get(AccountCopy, term.account)
        person = find_person(session, term.account)
        if account is not None and account.active and not person.is_same(proposer) and not person.is_same(concerned):
            found.append(term.account)
    return found


def list_proposals(session: Session) -> list[OfficerProposal]:
    """Every proposal ever made, the open ones first, then the latest."""
    rows = list(session.scalars(select(OfficerProposal).order_by(OfficerProposal.proposed_at.desc())))
    return sorted(rows, key=lambda row: not is_open(row))


def is_open(row: OfficerProposal) -> bool:
    """Whether it still waits for its answer."""
    return row.state == ProposalState.OPEN and row.expires_at > now()


def view_proposal(session: Session, row: OfficerProposal, actor: Actor) -> ProposalView:
    """The proposal as the actor sees it, with the names of those who could answer it."""
    confirmers: list[UUID] = []
    if is_open(row):
        proposer, concerned = Person(row.proposed_by, row.proposed_by_person), Person(row.account_id, row.person_id)
        confirmers = list_confirmers(session, proposer, concerned)
    names = find_accounts(session, confirmers)
    known = {name: getattr(row, name) for name in ProposalView.model_fields if hasattr(row, name)}
    if row.state == ProposalState.OPEN and not is_open(row):
        known["state"] = ProposalState.LAPSED
    return ProposalView(
        **known,
        waits_for=[names[one].name for one in confirmers],
        may_answer=actor.id in confirmers,
        may_withdraw=is_open(row) and row.proposed_by == actor.id,
    )
