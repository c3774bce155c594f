"""Certification periods, announced by the secretariat (process 2.1)."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID, uuid4

from pydantic import Field
from sqlalchemy.orm import Session

from services.registration.commands.loading import load_period
from services.registration.domain.form import Code, Line, Lines, Section
from services.registration.models import Period, PeriodQuota
from shared import clock
from shared.audit import record_act
from shared.contracts.registration import PeriodAnnounced
from shared.errors import N_, Invalid
from shared.messaging.outbox import announce as tell
from shared.schemes import shipped_schemes
from shared.security.actor import Actor

Quota = Annotated[int, Field(ge=0, le=100_000)]


class AnnouncePeriod(Section):
    """`quotas` maps a scheme's id to how many may apply; a scheme that is not named is not offered."""

    title: Line
    place: Line
    opens_on: date
    closes_on: date
    quotas: dict[Code, Quota]
    schedule: Lines = ""


def announce_period(session: Session, actor: Actor, command: AnnouncePeriod) -> Period:
    """Announce a new period with its place, schedule and quota per scheme (process 2.1), and return it.

    Raises Invalid with `fields` for dates out of order or over, unknown schemes and empty quotas.
    """
    _check(command)
    if command.closes_on < clock.today():
        message = N_("Tanggal penutupan sudah lewat.")
        raise Invalid("period-over", message, fields={"closes_on": message})
    period = Period(id=uuid4(), announced_by=actor.id, announced_at=clock.now())
    _fill(period, command)
    session.add(period)
    _tell(session, period)
    record_act(session, actor, "period:announce", period.subject, None, _facts(period))
    return period


def change_period(session: Session, actor: Actor, period_id: UUID, command: AnnouncePeriod) -> Period:
    """Correct or extend a period and announce it again.

    Raises NotFound, and Invalid with `fields`, also for a quota below the places taken.
    """
    period = load_period(session, period_id)
    _check(command)
    wrong = {
        f"quotas.{row.scheme_id}": N_("Kuota tidak boleh kurang dari jumlah yang sudah mendaftar.")
        for row in period.quotas
        if command.quotas.get(row.scheme_id, 0) < row.taken
    }
    if wrong:
        raise Invalid("quota-taken", N_("Periode belum dapat diubah; perbaiki kuota."), fields=wrong)
    before = _facts(period)
    _fill(period, command)
    period.updated_at = clock.now()
    _tell(session, period)
    record_act(session, actor, "period:change", period.subject, before, _facts(period))
    return period


def _check(command: AnnouncePeriod) -> None:
    wrong: dict[str, str] = {}
    if command.closes_on < command.opens_on:
        wrong["closes_on"] = N_("Tanggal penutupan lebih awal daripada tanggal pembukaan.")
    for name in ("title", "place"):
        if not getattr(command, name).strip():
            wrong[name] = N_("Wajib diisi.")
    known = {scheme.id for scheme in shipped_schemes().all()}
    for scheme_id, quota in command.quotas.items():
        if scheme_id not in known:
            wrong[f"quotas.{scheme_id}"] = N_("Skema ini tidak dikenal.")
        elif quota < 1:
            wrong[f"quotas.{scheme_id}"] = N_("Isi dengan bilangan 1 atau lebih.")
    if not command.quotas:
        wrong["quotas"] = N_("Isi kuota paling sedikit satu skema.")
    if wrong:
        raise Invalid(
            "period-invalid", N_("Periode belum dapat diumumkan; perbaiki isian yang ditandai."), fields=wrong
        )


def _fill(period: Period, command: AnnouncePeriod) -> None:
    period.title, period.place = command.title.strip(), command.place.strip()
    period.schedule = command.schedule.strip()
    period.opens_on, period.closes_on = command.opens_on, command.closes_on
    rows = {row.scheme_id: row for row in period.quotas}
    for scheme_id, quota in command.quotas.items():
        if scheme_id in rows:
            rows[scheme_id].quota = quota
        else:
            rows[scheme_id] = PeriodQuota(scheme_id=scheme_id, quota=quota, taken=0)
    period.quotas = [row for scheme_id, row in sorted(rows.items()) if scheme_id in command.quotas]


def _tell(session: Session, period: Period) -> None:
    tell(
        session,
        period,
        PeriodAnnounced(
            period_id=period.id,
            title=period.title,
            opens_on=period.opens_on,
            closes_on=period.closes_on,
            place=period.place,
            quotas={row.scheme_id: row.quota for row in period.quotas},
        ),
    )


def _facts(period: Period) -> dict[str, Any]:
    return {
        "title": period.title,
        "opens_on": period.opens_on.isoformat(),
        "closes_on": period.closes_on.isoformat(),
        "quotas": {row.scheme_id: row.quota for row in period.quotas},
    }
