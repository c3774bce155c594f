"""Terms written down: by the acts of two persons (`officers.py`), or as the first set at installation."""

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from services.decision.commands.inputs import Input
from services.decision.commands.numbering import take_numbers
from services.decision.domain.roster import Term, check_appointment, find_officers
from services.decision.models import AccountCopy, Appointment
from services.decision.queries import officers
from shared import audit, clock
from shared.errors import N_, Conflict, Forbidden, Invalid
from shared.security.actor import SYSTEM, Actor
from shared.settings import settings


class FirstHolder(Input):
    """`office` is one of the five roles or `deputy`."""

    office: str
    account_id: UUID


class InstallOfficers(Input):
    """The first set, all with the same days, both included; the deputy last."""

    holders: list[FirstHolder]
    since: date
    until: date


def require_trial() -> None:
    """Refuse on a system that is no trial: there the first set is named by `kompeten officers install` alone."""
    if not settings().trial:
        raise Forbidden(
            "not-a-trial",
            N_("Susunan pejabat pertama dicatat oleh pemasang sistem dengan perintah `kompeten officers install`."),
        )


def lock_roster(session: Session) -> None:
    """One act on the roster at a time, so that two cannot fill the same office or answer the same proposal."""
    take_numbers(session, "roster")


def install_officers(session: Session, command: InstallOfficers) -> list[Appointment]:
    """Record the officers a body begins with, by whoever installs the system: there is nobody yet who could confirm.

    Raises Conflict `officers-in-office` while anybody is in office or named for later, Invalid or Conflict as
    `roster.check_appointment` does.
    """
    lock_roster(session)
    terms = officers.list_terms(session)
    if find_officers(terms, clock.today()) or any(term.since > clock.today() for term in terms):
        raise Conflict(
            "officers-in-office",
            N_("Sudah ada pejabat yang menjabat: penunjukan berikutnya diusulkan dan disetujui oleh dua orang."),
        )
    made = []
    for holder in command.holders:
        account = session.get(AccountCopy, holder.account_id)
        if account is None:
            raise Invalid(
                "account-unknown", N_("Akun tidak dikenal."), fields={"holders": N_("Pilih akun yang terdaftar.")}
            )
        term = Term(holder.office, account.id, command.since, command.until, clock.now())
        check_appointment(officers.list_terms(session), term, account.roles, account.active)
        made.append(record_appointment(session, SYSTEM, term, account.name, (SYSTEM.id, SYSTEM.name), None))
    return made


def record_appointment(
    session: Session,
    actor: Actor,
    term: Term,
    name: str,
    proposer: tuple[UUID, str],
    confirmer: tuple[UUID, str] | None,
) -> Appointment:
    """Write a term that was checked; without a `confirmer` it is one of the first set, and the log says so."""
    row = Appointment(
        office=term.office,
        account_id=term.account,
        name=name,
        since=term.since,
        until=term.until,
        named_at=term.named_at,
        named_by=proposer[0],
        named_by_name=proposer[1],
        confirmed_by=confirmer[0] if confirmer else None,
        confirmed_by_name=confirmer[1] if confirmer else "",
    )
    session.add(row)
    session.flush()
    act = "appointment:make" if confirmer else "appointment:install"
    audit.record_act(session, actor, act, row.subject, None, _seen(row))
    return row


def end_terms(session: Session, actor: Actor, row: Appointment, until: date) -> None:
    """End the term on `until`; an officer who is also the deputy keeps no deputation longer than the office."""
    for term in [row, *_list_deputations(session, row, until)]:
        before = _seen(term)
        term.until = min(until, term.until)
        audit.record_act(session, actor, "appointment:end", term.subject, before, _seen(term))


def _list_deputations(session: Session, row: Appointment, until: date) -> list[Appointment]:
    if row.office == "deputy":
        return []
    return [
        other
        for other in officers.list_appointments(session)
        if other.office == "deputy"
        and other.account_id == row.account_id
        and other.since <= row.until
        and other.until > until
    ]


def _seen(row: Appointment) -> dict[str, object]:
    return {
        "office": row.office,
        "account_id": str(row.account_id),
        "since": row.since.isoformat(),
        "until": row.until.isoformat(),
    }
