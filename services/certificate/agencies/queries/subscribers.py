"""Agencies for whoever looks after them."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from services.certificate.agencies.domain import UNKNOWN, Subscription, WebhookState, hash_feed_key
from services.certificate.agencies.models import Agency, Delivery, FeedKey, Webhook
from services.certificate.agencies.queries.feed import find_last_position
from shared.clock import real_now
from shared.errors import NotFound
from shared.pagination import Page, PageQuery, contains_text, paginate


class WebhookView(BaseModel):
    """`waiting` events come after `position`; `error` is what the last try met."""

    url: str
    state: WebhookState
    state_since: datetime
    position: int
    waiting: int
    tries: int
    failing_since: datetime | None
    next_try_at: datetime
    error: str


class AgencyView(BaseModel):
    """`earlier_until`: until when keys of before the last rotation stay good."""

    id: UUID
    name: str
    contact: str
    standing: Subscription
    since: datetime
    earlier_until: datetime | None
    webhook: WebhookView | None


class DeliveryView(BaseModel):
    """One try; `status` is None where no answer came."""

    event_id: UUID
    position: int
    type: str
    number: int
    at: datetime
    milliseconds: int
    status: int | None
    error: str


def list_agencies(session: Session, query: PageQuery) -> Page[AgencyView]:
    """List agencies by name, those that subscribe before those that were removed."""
    last = find_last_position(session)
    found = select(Agency).options(selectinload(Agency.webhook), selectinload(Agency.keys))
    if query.q:
        found = found.where(contains_text(query.q, Agency.name))
    found = found.order_by(Agency.removed_at.is_not(None), Agency.name)
    return paginate(session, found, query, lambda agency: describe_agency(agency, last))


def view_agency(session: Session, agency_id: UUID) -> AgencyView:
    """Return one agency with its webhook. Raises NotFound."""
    found = session.get(Agency, agency_id)
    if found is None:
        raise NotFound("agency-unknown", UNKNOWN)
    return describe_agency(found, find_last_position(session))


def list_deliveries(session: Session, agency_id: UUID, query: PageQuery) -> Page[DeliveryView]:
    """The log of one agency, latest first. Raises NotFound."""
    view_agency(session, agency_id)
    found = select(Delivery).where(Delivery.agency_id == agency_id).order_by(Delivery.id.desc())
    return paginate(session, found, query, _delivery)


def list_stopped_agencies(session: Session) -> list[AgencyView]:
    """Whose webhook was switched off: somebody must look."""
    off = select(Agency).join(Agency.webhook).where(Webhook.state == WebhookState.OFF).order_by(Webhook.state_since)
    last = find_last_position(session)
    return [describe_agency(found, last) for found in session.scalars(off)]


def find_agency_by_key(session: Session, key: str) -> Agency | None:
    """The agency that this feed key lets in; None for nobody's, an ended one, a removed agency's."""
    found = session.get(FeedKey, hash_feed_key(key))
    if found is None or (found.ends_at is not None and found.ends_at <= real_now()):
        return None
    return session.get(Agency, found.agency_id)


def describe_agency(agency: Agency, last: int) -> AgencyView:
    """Return what is shown of an agency; `last` is the feed's last position, to count what waits for its webhook."""
    now = real_now()
    ends = [key.ends_at for key in agency.keys if key.ends_at is not None and key.ends_at > now]
    return AgencyView(
        id=agency.id,
        name=agency.name,
        contact=agency.contact,
        standing=agency.standing,
        since=agency.removed_at or agency.settled_at or agency.created_at,
        earlier_until=max(ends, default=None),
        webhook=_webhook(agency.webhook, last) if agency.webhook else None,
    )


def _webhook(webhook: Webhook, last: int) -> WebhookView:
    return WebhookView(
        url=webhook.url,
        state=webhook.state,
        state_since=webhook.state_since,
        position=webhook.position,
        waiting=max(0, last - webhook.position),
        tries=webhook.tries,
        failing_since=webhook.failing_since,
        next_try_at=webhook.next_try_at,
        error=webhook.error,
    )


def _delivery(delivery: Delivery) -> DeliveryView:
    return DeliveryView(
        event_id=delivery.event_id,
        position=delivery.position,
        type=delivery.type,
        number=delivery.number,
        at=delivery.at,
        milliseconds=delivery.milliseconds,
        status=delivery.status,
        error=delivery.error,
    )
