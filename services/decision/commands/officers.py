"""Appointing the five officers and the deputy (R13)."""

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from services.decision.commands.inputs import Input
from services.decision.commands.numbering import take_numbers
from services.decision.domain.roster import Term, check_appointment
from services.decision.models import AccountCopy, Appointment
from services.decision.queries import officers
from shared import audit, clock
from shared.errors import N_, Conflict, Invalid, NotFound
from shared.security.actor import Actor


class Appoint(Input):
    """`office` is one of the five roles or `deputy`; both days are included."""

    office: str
    account_id: UUID
    since: date
    until: date


class EndTerm(Input):
    """`until` is the last day in office."""

    until: date


def appoint_officer(session: Session, actor: Actor, command: Appoint) -> Appointment:
    """Record who holds an office for a time. Raises Invalid or Conflict as `roster.check_appointment` does."""
    take_numbers(session, "roster")  # one appointment at a time, so that two cannot fill the same office
    account = session.get(AccountCopy, command.account_id)
    if account is None:
        raise Invalid(
            "account-unknown", N_("Akun tidak dikenal."), fields={"account_id": N_("Pilih akun yang terdaftar.")}
        )
    new = Term(command.office, account.id, command.since, command.until, clock.now())
    check_appointment(officers.list_terms(session), new, account.roles, account.active)
    row = Appointment(
        office=new.office,
        account_id=account.id,
        name=account.name,
        since=new.since,
        until=new.until,
        named_at=new.named_at,
        named_by=actor.id,
        named_by_name=actor.name,
    )
    session.add(row)
    session.flush()
    audit.record_act(session, actor, "appointment:make", row.subject, None, _seen(row))
    return row


def end_term(session: Session, actor: Actor, appointment_id: UUID, command: EndTerm) -> Appointment:
    """End a term on an earlier day, never before today: what was decided under it stands.

    A chair or officer who is also the deputy keeps no deputation longer than the office.
    """
    take_numbers(session, "roster")
    row = session.get(Appointment, appointment_id)
    if row is None:
        raise NotFound("appointment-unknown", N_("Penunjukan tidak ditemukan."))
    if row.until < clock.today():
        raise Conflict("term-over", N_("Masa jabatan ini sudah berakhir."))
    if not row.since <= command.until <= row.until or command.until < clock.today():
        raise Invalid(
            "term-end",
            N_("Tanggal akhir harus dari hari ini sampai akhir masa jabatan yang tercatat."),
            fields={"until": N_("Pilih tanggal dari hari ini sampai akhir masa jabatan.")},
        )
    for term in [row, *_deputations(session, row, command.until)]:
        before = _seen(term)
        term.until = command.until
        audit.record_act(session, actor, "appointment:end", term.subject, before, _seen(term))
    return row


def _deputations(session: Session, row: Appointment, until: date) -> list[Appointment]:
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
