"""Certificates held, and how they follow each other."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.surveillance.access import require_readable_holding
from services.surveillance.body_settings import body_settings
from services.surveillance.domain.chain import join_chains
from services.surveillance.domain.dates import in_inventory
from services.surveillance.models import LIVING, AccountCopy, Holding, Status
from services.surveillance.queries.renewals import is_renewal_filed
from services.surveillance.queries.reports import SurveillanceSummary, UnitView, describe_units, list_years_by_holding
from shared.clock import today
from shared.security.actor import Actor


class HoldingView(BaseModel):
    """A certificate in its holder's hands. `account_name` differs from `holder_name` when the account was renamed.

    `renewable` says that an application for recertification can still be linked to it; `applied` that there is one.
    """

    certificate_id: UUID
    number: str
    registration_number: str
    holder_id: UUID
    holder_name: str
    account_name: str
    scheme_id: str
    scheme_title: str
    units: list[UnitView]
    issued_on: date
    expires_on: date
    days_left: int
    status: Status
    status_reason: str
    suspended_until: date | None
    check_url: str
    application_id: UUID
    renews: str | None
    renewed_by: str | None
    renewable: bool
    applied: bool
    surveillances: list[SurveillanceSummary]


def view_holding(session: Session, actor: Actor, certificate_id: UUID) -> HoldingView:
    """A certificate with its reports: one's own, or anybody's for officers and auditors. Raises NotFound."""
    row = require_readable_holding(actor, session.get(Holding, certificate_id))
    return _views(session, [row])[0]


def list_holdings(session: Session, holder_id: UUID) -> list[HoldingView]:
    """The certificates of `holder_id` with their reports, the newest first."""
    rows = session.scalars(
        select(Holding).where(Holding.holder_id == holder_id).order_by(Holding.issued_on.desc(), Holding.number.desc())
    ).all()
    return _views(session, rows)


def list_certificate_chains(session: Session, holder_id: UUID) -> list[list[HoldingView]]:
    """The history of one person's certificates: each chain from the first to the newest (domain handbook 7)."""
    oldest_first = list(reversed(list_holdings(session, holder_id)))
    return [list(chain) for chain in join_chains(oldest_first)]


def _views(session: Session, rows: Sequence[Holding]) -> list[HoldingView]:
    numbers = [row.number for row in rows]
    followers = select(Holding.renews, Holding.number, Holding.holder_id).where(Holding.renews.in_(numbers))
    renewed = {(renews, holder): number for renews, number, holder in session.execute(followers)}
    applied = set(session.scalars(select(Holding.id).where(Holding.number.in_(numbers), is_renewal_filed())))
    names = {
        account.id: account.name
        for account in session.scalars(select(AccountCopy).where(AccountCopy.id.in_({row.holder_id for row in rows})))
    }
    years = list_years_by_holding(session, [row.id for row in rows])
    return [
        _view(
            row,
            renewed_by=renewed.get((row.number, row.holder_id)),
            applied=row.id in applied,
            account_name=names.get(row.holder_id, row.holder_name),
            years=years[row.id],
        )
        for row in rows
    ]


def _view(
    row: Holding, *, renewed_by: str | None, applied: bool, account_name: str, years: list[SurveillanceSummary]
) -> HoldingView:
    left = (row.expires_on - today()).days
    return HoldingView(
        certificate_id=row.id,
        number=row.number,
        registration_number=row.registration_number,
        holder_id=row.holder_id,
        holder_name=row.holder_name,
        account_name=account_name,
        scheme_id=row.scheme_id,
        scheme_title=row.scheme_title,
        units=describe_units(row),
        issued_on=row.issued_on,
        expires_on=row.expires_on,
        days_left=left,
        status=row.status,
        status_reason=row.status_reason,
        suspended_until=row.suspended_until,
        check_url=row.check_url,
        application_id=row.application_id,
        renews=row.renews,
        renewed_by=renewed_by,
        renewable=row.status in LIVING
        and in_inventory(row.expires_on, today(), body_settings().inventory_months)
        and renewed_by is None
        and not applied,
        applied=applied and renewed_by is None,
        surveillances=years,
    )
