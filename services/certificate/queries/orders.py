"""What is on its way to a certificate, for its holder and for those who watch over it."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.certificate.commands import standing_of
from services.certificate.domain.requirements import Requirement, unmet
from services.certificate.domain.states import OrderState, State
from services.certificate.models import Certificate, Order
from shared import clock
from shared.pagination import Page, PageQuery, paginate
from shared.security.actor import Actor


class OrderView(BaseModel):
    """One application on its way; `missing` is what its certificate still waits for (R11)."""

    application_id: UUID
    holder_name: str
    scheme_title: str
    state: OrderState
    recommended: bool
    decided_at: datetime | None
    decree_number: str
    agreed_at: datetime | None
    agreed_version: str
    missing: list[Requirement]


class Waiting(BaseModel):
    """One line of the officers' work list."""

    certificate_id: UUID
    number: str
    holder_name: str
    state: State
    since: datetime
    until: date | None


def own(session: Session, actor: Actor) -> list[OrderView]:
    """The actor's own applications, as far as this stage knows of them, newest first."""
    rows = session.scalars(select(Order).where(Order.holder_id == actor.id).order_by(Order.created_at.desc()))
    return [view_of(row) for row in rows]


def waiting_orders(session: Session, query: PageQuery) -> Page[OrderView]:
    """Decided K, but without a number yet; the longest waiting first."""
    waiting = Order.state.in_((OrderState.ORDERED, OrderState.CLEARED))
    statement = select(Order).where(waiting).order_by(Order.decided_at)
    return paginate(session, statement, query, view_of)


def in_the_making(session: Session, limit: int = 100) -> list[Waiting]:
    """Numbered, but not issued yet: for more than a moment only when something is wrong."""
    rows = session.scalars(
        select(Certificate).where(Certificate.state == State.NUMBERED).order_by(Certificate.serial).limit(limit)
    )
    return [_waiting(row) for row in rows]


def past_their_limit(session: Session, limit: int = 100) -> list[Waiting]:
    """Suspensions whose limit has gone by: withdrawal is proposed (R15)."""
    rows = session.scalars(
        select(Certificate)
        .where(Certificate.state == State.SUSPENDED, Certificate.suspended_until < clock.today())
        .order_by(Certificate.suspended_until)
        .limit(limit)
    )
    return [_waiting(row) for row in rows]


def view_of(row: Order) -> OrderView:
    return OrderView(
        application_id=row.id,
        holder_name=row.holder_name,
        scheme_title=row.scheme_title,
        state=row.state,
        recommended=row.recommended,
        decided_at=row.decided_at,
        decree_number=row.decree_number,
        agreed_at=row.agreed_at,
        agreed_version=row.agreed_version,
        missing=[] if row.state in (OrderState.CLEARED, OrderState.FULFILLED) else unmet(standing_of(row)),
    )


def _waiting(row: Certificate) -> Waiting:
    return Waiting(
        certificate_id=row.id,
        number=row.number,
        holder_name=row.holder_name,
        state=row.state,
        since=row.state_since,
        until=row.suspended_until,
    )
