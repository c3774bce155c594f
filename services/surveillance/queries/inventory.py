"""The inventory of certificates about to expire, kept by the head of certification (process 2.12)."""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import Enum, StrEnum
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from services.surveillance.body_settings import body_settings
from services.surveillance.domain.dates import last_listed_expiry, months_before
from services.surveillance.models import Holding, Status
from services.surveillance.queries.renewals import is_holding_followed, is_renewal_filed
from shared.clock import today
from shared.errors import N_
from shared.pagination import Page, PageQuery, contains_text, paginate


class InventoryQuery(PageQuery):
    """What part of the inventory is asked for; without `within` and `everything`, its six months."""

    within: int | None = Field(None, ge=1, le=4000, description="Expires within so many days; empty: six months.")
    everything: bool = Field(False, description="All certificates, whenever they expire.")
    scheme: str = Field("", max_length=60, description="Only this scheme.")


class RenewalState(StrEnum):
    """How far the recertification of a certificate has come."""

    NONE = "none"
    APPLIED = "applied"
    RENEWED = "renewed"


RENEWAL_NAMES: dict[Enum, str] = {
    RenewalState.NONE: N_("Belum diajukan"),
    RenewalState.APPLIED: N_("Sudah diajukan"),
    RenewalState.RENEWED: N_("Sudah diperbarui"),
}


class InventoryRow(BaseModel):
    """A line of the inventory.

    `invited_at` is the last step of invitation, in days before expiry; `listed_since` the day it came into the list.
    """

    certificate_id: UUID
    number: str
    holder_name: str
    scheme_id: str
    scheme_title: str
    issued_on: date
    expires_on: date
    days_left: int
    status: Status
    invited_at: int | None
    renewal: RenewalState
    listed_since: date


SORTS = {
    "expires_on": Holding.expires_on,
    "number": Holding.number,
    "holder_name": Holding.holder_name,
    "scheme": Holding.scheme_title,
    "status": Holding.status,
}


def list_inventory(session: Session, query: InventoryQuery) -> Page[InventoryRow]:
    """The asked page of the inventory, soonest to expire first unless another order is asked."""
    page = paginate(session, _statement(query), query, lambda row: row, sorts=SORTS)
    return Page(items=_rows(session, page.items), page=page.page, size=page.size, total=page.total)


def list_whole_inventory(session: Session, query: InventoryQuery) -> list[InventoryRow]:
    """Every row of the inventory that fits `query`, soonest to expire first: for a spreadsheet."""
    return _rows(session, session.scalars(_statement(query).order_by(Holding.expires_on, Holding.number)).all())


def list_scheme_choices(session: Session) -> list[tuple[str, str]]:
    """The schemes that certificates are held of, as (id, title) in order of titles."""
    found = session.execute(select(Holding.scheme_id, Holding.scheme_title).distinct().order_by(Holding.scheme_title))
    return [(scheme_id, title) for scheme_id, title in found]


def _statement(query: InventoryQuery) -> Select[Holding]:
    day = today()
    statement = select(Holding)
    if query.within is not None:
        statement = statement.where(Holding.expires_on > day, Holding.expires_on <= day + timedelta(days=query.within))
    elif not query.everything:
        last = last_listed_expiry(day, body_settings().inventory_months)
        statement = statement.where(Holding.expires_on > day, Holding.expires_on <= last)
    if query.status:
        statement = statement.where(Holding.status == query.status)
    if query.scheme:
        statement = statement.where(Holding.scheme_id == query.scheme)
    if query.q:
        statement = statement.where(contains_text(query.q, Holding.number, Holding.holder_name))
    return statement


def _rows(session: Session, rows: Sequence[Holding]) -> list[InventoryRow]:
    ids = [row.id for row in rows]
    applied = set(session.scalars(select(Holding.id).where(Holding.id.in_(ids), is_renewal_filed())))
    renewed = set(session.scalars(select(Holding.id).where(Holding.id.in_(ids), is_holding_followed())))
    return [
        InventoryRow(
            certificate_id=row.id,
            number=row.number,
            holder_name=row.holder_name,
            scheme_id=row.scheme_id,
            scheme_title=row.scheme_title,
            issued_on=row.issued_on,
            expires_on=row.expires_on,
            days_left=(row.expires_on - today()).days,
            status=row.status,
            invited_at=row.invited,
            renewal=_renewal(row.id in renewed, row.id in applied),
            listed_since=months_before(row.expires_on, body_settings().inventory_months),
        )
        for row in rows
    ]


def _renewal(renewed: bool, applied: bool) -> RenewalState:
    if renewed:
        return RenewalState.RENEWED
    return RenewalState.APPLIED if applied else RenewalState.NONE
