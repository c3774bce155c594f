"""What is on its way to a certificate, for its holder and for those who watch over it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from services.certificate.commands.ordering import ISSUE, describe_standing
from services.certificate.commands.revising import MAKE
from services.certificate.domain.requirements import Requirement, list_unmet_requirements
from services.certificate.domain.states import OrderState, State
from services.certificate.domain.versions import Cause, VersionState
from services.certificate.making.queries import Trouble, find_troubles
from services.certificate.models import Certificate, Order, Version
from shared import clock
from shared.pagination import Page, PageQuery, paginate
from shared.security.actor import Actor

A_MOMENT = timedelta(minutes=1)
"""Longer than this nothing is in the making unless something is wrong."""


class OrderView(BaseModel):
    """One application on its way; `missing` is what its certificate still waits for (R11).

    `trouble` is told to those who watch over it: why a number has not been given yet.
    """

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
    trouble: Trouble | None = None


class Waiting(BaseModel):
    """One line of the officers' work list. `cause` is that of a version in the making."""

    certificate_id: UUID
    number: str
    holder_name: str
    state: State
    since: datetime
    until: date | None
    cause: Cause | None = None
    trouble: Trouble | None = None


def list_own_orders(session: Session, actor: Actor) -> list[OrderView]:
    """The actor's own applications, as far as this stage knows of them, newest first."""
    rows = session.scalars(select(Order).where(Order.holder_id == actor.id).order_by(Order.created_at.desc()))
    return [describe_order(row) for row in rows]


def list_waiting_orders(session: Session, query: PageQuery) -> Page[OrderView]:
    """Decided K, but without a number yet; the longest waiting first."""
    waiting = Order.state.in_((OrderState.ORDERED, OrderState.CLEARED))
    page = paginate(session, select(Order).where(waiting).order_by(Order.decided_at), query, describe_order)
    found = find_troubles(session, ISSUE, (str(order.application_id) for order in page.items))
    for order in page.items:
        order.trouble = found.get(str(order.application_id))
    return page


def list_versions_in_the_making(session: Session, limit: int = 100) -> list[Waiting]:
    """Versions being made for more than a moment, the first of a certificate or a further one."""
    rows = session.scalars(
        select(Version)
        .where(Version.state == VersionState.MAKING, Version.made_at < clock.now() - A_MOMENT)
        .options(joinedload(Version.certificate, innerjoin=True))
        .order_by(Version.made_at)
        .limit(limit)
    ).all()
    found = find_version_troubles(session, rows)
    return [_making(row, found.get(row.id)) for row in rows]


def find_version_troubles(session: Session, versions: Sequence[Version]) -> dict[UUID, Trouble]:
    """By version: why it has not been made yet. A first one is made by the job that numbers it."""
    issuing = {row.id: str(row.certificate.application_id) for row in versions if row.cause is Cause.FIRST}
    making = {row.id: str(row.id) for row in versions if row.cause is not Cause.FIRST}
    issued, made = find_troubles(session, ISSUE, issuing.values()), find_troubles(session, MAKE, making.values())
    found = {id: issued.get(key) for id, key in issuing.items()} | {id: made.get(key) for id, key in making.items()}
    return {id: trouble for id, trouble in found.items() if trouble is not None}


def list_overdue_suspensions(session: Session, limit: int = 100) -> list[Waiting]:
    """Suspensions whose limit has gone by: withdrawal or fewer units are proposed (R15)."""
    rows = session.scalars(
        select(Certificate)
        .where(Certificate.state == State.SUSPENDED, Certificate.suspended_until < clock.today())
        .order_by(Certificate.suspended_until)
        .limit(limit)
    )
    return [_waiting(row) for row in rows]


def describe_order(row: Order) -> OrderView:
    """Return what is shown of an order, with what its certificate still waits for (R11)."""
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
        missing=[]
        if row.state in (OrderState.CLEARED, OrderState.FULFILLED)
        else list_unmet_requirements(describe_standing(row)),
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


def _making(row: Version, trouble: Trouble | None) -> Waiting:
    certificate = row.certificate
    return Waiting(
        certificate_id=certificate.id,
        number=certificate.number,
        holder_name=row.holder_name,
        state=certificate.state,
        since=row.made_at,
        until=None,
        cause=row.cause,
        trouble=trouble,
    )
