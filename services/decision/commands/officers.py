"""Officers named and ended by two persons: one proposes, another confirms (R13, ISO/IEC 17024 4.2, decision 101)."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.decision.commands.inputs import Input, Reasons
from services.decision.commands.terms import end_terms, lock_roster, record_appointment
from services.decision.domain.proposals import (
    Person,
    ProposalKind,
    ProposalState,
    find_end_of_waiting,
    require_open,
    require_second_person,
)
from services.decision.domain.roster import Term, check_appointment, require_officer
from services.decision.models import AccountCopy, Appointment, OfficerProposal
from services.decision.queries import officers
from services.decision.words import OFFICE_NAMES
from shared import audit, clock
from shared.contracts.decision import OfficerProposalAnswered, OfficerProposed
from shared.errors import N_, Conflict, Forbidden, Invalid
from shared.messaging.outbox import announce
from shared.security.actor import SYSTEM, Actor

LAPSED_AT_ONCE = 100


class ProposeOfficer(Input):
    """`office` is one of the five roles or `deputy`; both days are included."""

    office: str
    account_id: UUID
    since: date
    until: date


class ProposeEnd(Input):
    """`until` is the last day in office."""

    until: date


class RefuseProposal(Input):
    """The reason that the proposer and the person concerned are told."""

    reason: Reasons


def propose_officer(session: Session, actor: Actor, command: ProposeOfficer) -> OfficerProposal:
    """Propose who holds an office for a time; nothing changes until an officer in office confirms it.

    Raises Invalid or Conflict as `roster.check_appointment` does, and Conflict `nobody-confirms` when no officer is in
    office whom it does not concern.
    """
    lock_roster(session)
    account = _load_account(session, command.account_id)
    term = Term(command.office, account.id, command.since, command.until, clock.now())
    _check_term(session, term, account)
    return _propose(session, actor, ProposalKind.NAME, term, account.name)


def propose_end(session: Session, actor: Actor, appointment_id: UUID, command: ProposeEnd) -> OfficerProposal:
    """Propose that a term ends on an earlier day, never before today: what was decided under it stands.

    Raises NotFound, Invalid on `until`, Conflict for a term that is over and `nobody-confirms`.
    """
    lock_roster(session)
    row = _load_running(session, appointment_id)
    if not row.since <= command.until <= row.until or command.until < clock.today():
        raise Invalid(
            "term-end",
            N_("Tanggal akhir harus dari hari ini sampai akhir masa jabatan yang tercatat."),
            fields={"until": N_("Pilih tanggal dari hari ini sampai akhir masa jabatan.")},
        )
    term = Term(row.office, row.account_id, row.since, command.until, row.named_at)
    return _propose(session, actor, ProposalKind.END, term, row.name, row.id)


def confirm_proposal(session: Session, actor: Actor, proposal_id: UUID) -> OfficerProposal:
    """Confirm it as the second person: now the office is filled, or the term ends.

    Everything is asked again as it is today. Raises NotFound, Forbidden for who is no officer in office, proposed it or
    is concerned, Conflict for one that is answered or lapsed, and as the proposal itself.
    """
    lock_roster(session)
    row = _load_for_answer(session, actor, proposal_id)
    if row.kind == ProposalKind.NAME:
        account = _load_account(session, row.account_id)
        term = Term(row.office, row.account_id, row.since, row.until, clock.now())
        if row.until < clock.today():
            raise Conflict("term-over", N_("Masa jabatan ini sudah berakhir."))
        _check_term(session, term, account)
        proposer = (row.proposed_by, row.proposed_by_name)
        record_appointment(session, actor, term, account.name, proposer, (actor.id, actor.name))
    else:
        assert row.appointment_id is not None  # noqa: S101 - an end names its appointment
        ending = _load_running(session, row.appointment_id)
        end_terms(session, actor, ending, max(row.until, clock.today()))
    _answer(session, actor, row, ProposalState.CONFIRMED)
    return row


def refuse_proposal(session: Session, actor: Actor, proposal_id: UUID, command: RefuseProposal) -> OfficerProposal:
    """Refuse it with a reason, as who could confirm it. Raises as `confirm_proposal`."""
    lock_roster(session)
    row = _load_for_answer(session, actor, proposal_id)
    _answer(session, actor, row, ProposalState.REFUSED, command.reason)
    return row


def withdraw_proposal(session: Session, actor: Actor, proposal_id: UUID) -> OfficerProposal:
    """Withdraw it as who proposed it. Raises NotFound, Forbidden `not-proposer`, Conflict for one that is answered."""
    lock_roster(session)
    row = _load_open(session, proposal_id)
    if row.proposed_by != actor.id:
        raise Forbidden("not-proposer", N_("Hanya pengusul yang menarik usulannya."))
    _answer(session, actor, row, ProposalState.WITHDRAWN)
    return row


def let_proposals_lapse(session: Session) -> int:
    """Let those lapse that nobody answered in time. Returns how many; at most LAPSED_AT_ONCE."""
    statement = (
        select(OfficerProposal)
        .where(OfficerProposal.state == ProposalState.OPEN, OfficerProposal.expires_at <= clock.now())
        .limit(LAPSED_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    rows = list(session.scalars(statement))
    for row in rows:
        _answer(session, SYSTEM, row, ProposalState.LAPSED)
    return len(rows)


def _check_term(session: Session, term: Term, account: AccountCopy) -> None:
    check_appointment(officers.list_terms(session), term, account.roles, account.active)


def _propose(
    session: Session, actor: Actor, kind: ProposalKind, term: Term, name: str, appointment_id: UUID | None = None
) -> OfficerProposal:
    proposer, concerned = officers.find_person(session, actor.id), officers.find_person(session, term.account)
    confirmers = officers.list_confirmers(session, proposer, concerned)
    if not confirmers:
        raise Conflict(
            "nobody-confirms",
            N_(
                "Tidak ada pejabat lain yang menjabat dan dapat menyetujui usulan ini. "
                "Susunan pejabat pertama dicatat pada pemasangan."
            ),
        )
    _refuse_double(session, kind, term)
    now = clock.now()
    row = OfficerProposal(
        kind=kind,
        office=term.office,
        account_id=term.account,
        name=name,
        person_id=concerned.person,
        since=term.since,
        until=term.until,
        appointment_id=appointment_id,
        proposed_at=now,
        proposed_by=actor.id,
        proposed_by_name=actor.name,
        proposed_by_person=proposer.person,
        expires_at=find_end_of_waiting(now),
        state=ProposalState.OPEN,
    )
    session.add(row)
    session.flush()
    audit.record_act(session, actor, "officer-proposal:make", row.subject, None, _seen(row))
    announce(session, row, OfficerProposed(**_told(row), confirmers=confirmers, expires_at=row.expires_at))
    return row


def _refuse_double(session: Session, kind: ProposalKind, term: Term) -> None:
    same = select(OfficerProposal.id).where(
        OfficerProposal.state == ProposalState.OPEN,
        OfficerProposal.expires_at > clock.now(),
        OfficerProposal.kind == kind,
        OfficerProposal.office == term.office,
        OfficerProposal.account_id == term.account,
    )
    if session.scalar(same.limit(1)) is not None:
        raise Conflict("proposal-waits", N_("Usulan yang sama masih menunggu jawaban."))


def _load_open(session: Session, proposal_id: UUID) -> OfficerProposal:
    row = officers.load_proposal(session, proposal_id)
    require_open(ProposalState(row.state), row.expires_at, clock.now())
    return row


def _load_for_answer(session: Session, actor: Actor, proposal_id: UUID) -> OfficerProposal:
    """The open proposal, for an officer in office who neither proposed it nor is concerned by it, person by person."""
    require_officer(officers.list_terms(session), actor.id, clock.today())
    row = _load_open(session, proposal_id)
    for proposer, concerned in (
        (officers.find_person(session, row.proposed_by), officers.find_person(session, row.account_id)),
        (Person(row.proposed_by, row.proposed_by_person), Person(row.account_id, row.person_id)),
    ):  # as known now, and as known when it was proposed
        require_second_person(officers.find_person(session, actor.id), proposer, concerned)
    return row


def _load_account(session: Session, account_id: UUID) -> AccountCopy:
    account = session.get(AccountCopy, account_id)
    if account is None:
        raise Invalid(
            "account-unknown", N_("Akun tidak dikenal."), fields={"account_id": N_("Pilih akun yang terdaftar.")}
        )
    return account


def _load_running(session: Session, appointment_id: UUID) -> Appointment:
    row = officers.load_appointment(session, appointment_id)
    if row.until < clock.today():
        raise Conflict("term-over", N_("Masa jabatan ini sudah berakhir."))
    return row


def _answer(session: Session, actor: Actor, row: OfficerProposal, state: ProposalState, reason: str = "") -> None:
    before, row.state, row.reason, row.answered_at = row.state, state, reason, clock.now()
    if actor != SYSTEM:
        row.answered_by, row.answered_by_name = actor.id, actor.name
    after = {"state": row.state} | ({"reason": reason} if reason else {})
    audit.record_act(session, actor, f"officer-proposal:{_ACTS[state]}", row.subject, {"state": before}, after)
    announce(
        session,
        row,
        OfficerProposalAnswered(
            **_told(row),
            outcome=state,
            answered_by=row.answered_by,
            answered_by_name=row.answered_by_name,
            reason=reason,
            answered_at=row.answered_at,
        ),
    )


_ACTS = {
    ProposalState.CONFIRMED: "confirm",
    ProposalState.REFUSED: "refuse",
    ProposalState.WITHDRAWN: "withdraw",
    ProposalState.LAPSED: "lapse",
}


def _told(row: OfficerProposal) -> dict[str, object]:
    names = ("kind", "office", "account_id", "name", "since", "until", "proposed_by", "proposed_by_name")
    told = {name: getattr(row, name) for name in names}
    return {"proposal_id": row.id, "office_name": OFFICE_NAMES[row.office], **told}


def _seen(row: OfficerProposal) -> dict[str, object]:
    return {
        "kind": row.kind,
        "office": row.office,
        "account_id": str(row.account_id),
        "since": row.since.isoformat(),
        "until": row.until.isoformat(),
    }
