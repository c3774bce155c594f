"""What surveillance does when it hears of something."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.surveillance.domain.dates import due_dates
from services.surveillance.domain.workflow import PROPOSED
from services.surveillance.models import AccountCopy, Holding, Renewal, Status, Surveillance
from shared.chain.heads import follow_heads
from shared.contracts import Event
from shared.contracts.certificate import (
    CertificateExpired,
    CertificateIssued,
    CertificateReinstated,
    CertificateReissued,
    CertificateScopeReduced,
    CertificateSuspended,
    CertificateWithdrawn,
)
from shared.contracts.decision import CertificationDecided
from shared.contracts.registration import AccountChanged, AccountOpened, ApplicationFiled, ApplicationWithdrawn
from shared.contracts.surveillance import SurveillanceScheduled
from shared.contracts.words import Judgement
from shared.messaging.copies import keep_newest
from shared.messaging.outbox import announce
from shared.messaging.reactions import Load, NotYet, Reactions, find_row

reactions = Reactions("surveillance")
follow_heads(reactions)

_ACCOUNT = Load(AccountCopy, lambda fact: fact.account_id)
_HOLDING = Load(Holding, lambda fact: fact.certificate_id)
_RENEWAL = Load(Renewal, lambda fact: fact.application_id)


@reactions.on(CertificateIssued, _HOLDING)
def schedule_reports(session: Session, event: Event[CertificateIssued]) -> None:
    """A report is due on each anniversary but the last (process 2.11)."""
    fact = event.fact
    if find_row(session, Holding, fact.certificate_id) is not None:
        return
    holding = Holding(
        id=fact.certificate_id,
        number=fact.number,
        registration_number=fact.registration_number,
        holder_id=fact.holder_id,
        holder_name=fact.holder_name,
        application_id=fact.application_id,
        scheme_id=fact.scheme_id,
        scheme_version=fact.scheme_version,
        scheme_title=fact.scheme_title,
        units=fact.units,
        issued_on=fact.issued_on,
        expires_on=fact.expires_on,
        check_url=fact.check_url,
        renews=fact.renews,
        heard=event.sequence,
    )
    session.add(holding)
    due = due_dates(fact.issued_on, fact.expires_on)
    for year, day in enumerate(due, start=1):
        session.add(
            Surveillance(id=derive_surveillance_id(holding.id, year), holding_id=holding.id, year=year, due_on=day)
        )
    announce(session, holding, SurveillanceScheduled(**holding.as_told(), due_on=due))


@reactions.on(CertificateSuspended, _HOLDING)
def note_suspended(session: Session, event: Event[CertificateSuspended]) -> None:
    """Keep the suspension with its limit, and close what the officers had been proposed before (R15)."""
    holding = _note(session, event, Status.SUSPENDED, event.fact.reason, event.fact.until)
    _settle(session, holding, event.fact.at)


@reactions.on(CertificateReinstated, _HOLDING)
def note_reinstated(session: Session, event: Event[CertificateReinstated]) -> None:
    """Keep that the certificate holds again, with fewer units if its scope was reduced (R15, R16)."""
    holding = _note(session, event, Status.VALID, event.fact.reason)
    _show_reduced(holding)


@reactions.on(CertificateWithdrawn, _HOLDING)
def note_withdrawn(session: Session, event: Event[CertificateWithdrawn]) -> None:
    """Keep the withdrawal: no more reports are asked for (ISO/IEC 17024 9.5)."""
    holding = _note(session, event, Status.WITHDRAWN, event.fact.reason)
    _settle(session, holding, event.fact.at)


@reactions.on(CertificateExpired, _HOLDING)
def note_expired(session: Session, event: Event[CertificateExpired]) -> None:
    """Keep the expiry: no more reports and no more invitations to renew (process 2.12)."""
    _note(session, event, Status.EXPIRED, "")


@reactions.on(CertificateReissued, _HOLDING)
def note_correction(session: Session, event: Event[CertificateReissued]) -> None:
    """The name on the newest sheet is the holder's; the report is signed with it."""
    fact, holding = event.fact, _held(session, event)
    if fact.version > holding.named_in:
        holding.holder_name, holding.named_in = fact.holder_name, fact.version
    _take_sheet(holding, fact)


@reactions.on(CertificateScopeReduced, _HOLDING)
def note_reduction(session: Session, event: Event[CertificateScopeReduced]) -> None:
    """The reports ask after fewer units from now on; a suspension has ended with it (R15, R16)."""
    fact, holding = event.fact, _note(session, event, Status.VALID, event.fact.reason)
    holding.units = [unit for unit in holding.units if unit in fact.units]
    holding.reduced = True
    _show_reduced(holding)
    _take_sheet(holding, fact)
    _settle(session, holding, fact.at)


@reactions.on(ApplicationFiled, _RENEWAL)
def note_renewal(session: Session, event: Event[ApplicationFiled]) -> None:
    """The holder has applied for recertification: no more invitations (process 2.12)."""
    fact = event.fact
    if fact.renews is None:
        return
    renewal = find_row(session, Renewal, fact.application_id)
    if renewal is None:
        session.add(
            Renewal(
                application_id=fact.application_id,
                applicant_id=fact.applicant_id,
                number=fact.renews,
                filed_at=fact.filed_at,
                sequence=event.sequence,
            )
        )
    else:
        renewal.number, renewal.filed_at = fact.renews, renewal.filed_at or fact.filed_at
        renewal.sequence = max(renewal.sequence, event.sequence)


@reactions.on(ApplicationWithdrawn, _RENEWAL)
def note_withdrawal(session: Session, event: Event[ApplicationWithdrawn]) -> None:
    """Whether it was to renew anything may be heard only later, so each withdrawal is kept."""
    fact = event.fact
    renewal = find_row(session, Renewal, fact.application_id)
    if renewal is None:
        session.add(
            Renewal(
                application_id=fact.application_id,
                applicant_id=fact.applicant_id,
                withdrawn=True,
                sequence=event.sequence,
            )
        )
    else:
        renewal.withdrawn, renewal.sequence = True, max(renewal.sequence, event.sequence)


@reactions.on(CertificationDecided, _RENEWAL)
def note_decision(session: Session, event: Event[CertificationDecided]) -> None:
    """An application to renew that ended BK renews nothing: its holder is invited again, unless a later one is K."""
    fact = event.fact
    if fact.renews is None:
        return
    renewal = find_row(session, Renewal, fact.application_id)
    if renewal is None:
        raise NotYet(f"the filing of {fact.application_id} has not been heard of")
    if renewal.decided_at is None or fact.decided_at > renewal.decided_at:
        renewal.failed, renewal.decided_at = fact.judgement is Judgement.BK, fact.decided_at


@reactions.on(AccountOpened, _ACCOUNT)
def keep_opened_account(session: Session, event: Event[AccountOpened]) -> None:
    """Keep whose account it is and whether it is active."""
    _keep_account(session, event)


@reactions.on(AccountChanged, _ACCOUNT)
def keep_changed_account(session: Session, event: Event[AccountChanged]) -> None:
    """Keep name and activity as they are now, unless something newer is known."""
    _keep_account(session, event)


def derive_surveillance_id(certificate_id: UUID, year: int) -> UUID:
    """One per certificate and year, however often the certificate is heard of."""
    return uuid5(certificate_id, f"surveillance {year}")


def _note(
    session: Session,
    event: Event[CertificateSuspended]
    | Event[CertificateReinstated]
    | Event[CertificateScopeReduced]
    | Event[CertificateWithdrawn]
    | Event[CertificateExpired],
    status: Status,
    reason: str,
    until: date | None = None,
) -> Holding:
    """The holding, its status taken over unless something newer was heard."""
    holding = _held(session, event)
    if event.sequence > holding.heard:
        holding.status, holding.status_reason, holding.suspended_until = status, reason, until
        holding.heard = event.sequence
    return holding


def _held(session: Session, event: Event[Any]) -> Holding:
    holding = find_row(session, Holding, event.fact.certificate_id)
    if holding is None:
        raise NotYet(f"certificate {event.fact.certificate_id} has not been heard of")
    return holding


def _show_reduced(holding: Holding) -> None:
    if holding.reduced and holding.status is Status.VALID:
        holding.status = Status.REDUCED


def _take_sheet(holding: Holding, fact: CertificateReissued | CertificateScopeReduced) -> None:
    """Its link is the one to give, unless a newer version was heard of."""
    if fact.version > holding.sheet:
        holding.check_url, holding.sheet = fact.check_url, fact.version


def _settle(session: Session, holding: Holding, at: datetime) -> None:
    """The officers have decided: what was proposed before waits for them no longer."""
    proposed = select(Surveillance).where(
        Surveillance.holding_id == holding.id, Surveillance.state.in_(PROPOSED), Surveillance.waiting_since <= at
    )
    for row in session.scalars(proposed):
        row.settled_at = row.settled_at or at


def _keep_account(session: Session, event: Event[AccountOpened] | Event[AccountChanged]) -> None:
    fact = event.fact
    keep_newest(session, AccountCopy, fact.account_id, event, {"name": fact.name, "active": fact.active})
