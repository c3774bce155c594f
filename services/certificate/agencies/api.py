"""Other agencies: their feed, with a key of their own; and what the administrator sees and does of them."""

from enum import StrEnum
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Response
from pydantic import BaseModel, Field

from services.certificate.access import AGENCY_KEEPERS, AGENCY_READERS
from services.certificate.agencies.commands import subscribing as commands
from services.certificate.agencies.queries import feed
from services.certificate.agencies.queries import subscribers as agencies
from services.certificate.blueprints import api
from shared.contracts.agencies import FEED_LIMIT, FEED_LONGEST, FEED_PATH, public_facts
from shared.contracts.envelope import BATCH_TYPE
from shared.errors import N_, NotSignedIn
from shared.pagination import Page, PageQuery
from shared.settings import settings
from shared.web import ById, allow, allow_bearers, current_actor, limit_rate, reading, unit_of_work
from shared.web.authentication import read_bearer_token

FEED_RATE = "120/minute"
WRONG_KEY = N_("Kunci umpan ini tidak berlaku. Pakai kunci dari `kompeten agency add` atau `rotate`.")

PublicType = StrEnum("PublicType", {fact.__name__: fact.type for fact in public_facts()})  # type: ignore[misc]


class FeedQuery(BaseModel):
    """Where to go on: after a position, or, without one, from a moment."""

    after: int | None = Field(None, ge=0, le=2**53, description="Position of the last event you have.")
    since: commands.Moment | None = Field(None, description="Without `after`: from this moment on.")
    limit: int = Field(FEED_LIMIT, ge=1, le=FEED_LONGEST, description="Events in one answer at most.")
    types: list[PublicType] = Field([], max_length=50, description="Only these types; repeat the parameter.")


class Agencies(Page[agencies.AgencyView]):
    """One page of the agencies."""


class Deliveries(Page[agencies.DeliveryView]):
    """One page of the tries to hand events over."""


def let_agencies_in() -> None:
    """Let in whoever bears a feed key that is good now. Raises NotSignedIn."""
    key = read_bearer_token()
    with reading() as session:
        found = agencies.find_agency_by_key(session, key) if key else None
    if found is None:
        raise NotSignedIn("feed-key-wrong", WRONG_KEY)


def _batch_answer() -> dict[str, Any]:
    link: dict[str, Any] = {"schema": {"type": "string"}, "description": "`rel=next`: what to ask next; always there."}
    events = {"type": "array", "items": {"type": "object", "required": ["specversion", "id", "type", "position"]}}
    return {
        "description": "A CloudEvents batch, in the order of `position`. See `/certificate/events`.",
        "headers": {"Link": link},
        "content": {BATCH_TYPE: {"schema": events}},
    }


@api.get("/feed", responses={200: _batch_answer()})
@allow_bearers("agency", let_agencies_in)
@limit_rate(FEED_RATE, methods=("GET",))
def get_feed(query: FeedQuery) -> Response:
    """Public events for other agencies, with `Authorization: Bearer <feed key>`; nothing is ever missed or left out."""
    types = [kind.value for kind in query.types]
    with reading() as session:
        after = query.after
        if after is None:
            after = feed.find_position_before(session, query.since) if query.since else 0
        found = feed.list_public_events(session, after, query.limit, types)
    answer = Response("[" + ",".join(event.told for event in found.events) + "]", content_type=BATCH_TYPE)
    asked = {"after": found.after, "limit": query.limit, "types": types}
    answer.headers["Link"] = f'<{settings().public_url}{FEED_PATH}?{urlencode(asked, doseq=True)}>; rel="next"'
    return answer


@api.get("/agencies", responses={200: Agencies})
@allow(AGENCY_READERS)
def get_agencies(query: PageQuery) -> Agencies:
    """The agencies that subscribe, or did."""
    with reading() as session:
        return Agencies.model_validate(agencies.list_agencies(session, query).model_dump())


@api.get("/agencies/<uuid:id>", responses={200: agencies.AgencyView})
@allow(AGENCY_READERS)
def get_agency(path: ById) -> agencies.AgencyView:
    """One agency, with its webhook and how far that has come."""
    with reading() as session:
        return agencies.view_agency(session, path.id)


@api.get("/agencies/<uuid:id>/deliveries", responses={200: Deliveries})
@allow(AGENCY_READERS)
def get_deliveries(path: ById, query: PageQuery) -> Deliveries:
    """The latest tries to hand events to its webhook."""
    with reading() as session:
        return Deliveries.model_validate(agencies.list_deliveries(session, path.id, query).model_dump())


@api.post("/agencies/<uuid:id>/replay", responses={200: agencies.AgencyView})
@allow(AGENCY_KEEPERS)
def post_replay(path: ById, body: commands.Replay) -> agencies.AgencyView:
    """Tell its webhook again, after a position or from a moment on."""
    with unit_of_work() as session:
        changed = commands.replay_events(session, current_actor(), path.id, body).id
    return _seen(changed)


@api.post("/agencies/<uuid:id>/enable", responses={200: agencies.AgencyView})
@allow(AGENCY_KEEPERS)
def post_webhook_enabling(path: ById) -> agencies.AgencyView:
    """Try a webhook again that was switched off."""
    with unit_of_work() as session:
        changed = commands.enable_webhook(session, current_actor(), path.id).id
    return _seen(changed)


def _seen(agency_id: UUID) -> agencies.AgencyView:
    with reading() as session:
        return agencies.view_agency(session, agency_id)
