"""Copies of others' heads: no database's owner can write a chain anew, for two other databases know how it was.

The keepers hear the heads as events; each keeps those of all services but its own.
"""

import logging

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shared.chain.blocks import is_signed
from shared.chain.models import HeadCopy
from shared.contracts.envelope import Event
from shared.contracts.logs import LOG_FACTS, LogChained
from shared.database.upsert import insert_into
from shared.messaging.reactions import Reactions

log = logging.getLogger(__name__)

KEEPERS = ("certificate", "surveillance")
"""The services that keep copies of heads."""


def follow_heads(reactions: Reactions) -> None:
    """Let this service keep the heads that all the others tell."""
    for service, kind in LOG_FACTS.items():
        if service != reactions.service:
            reactions.on(kind)(keep_head)


def keep_head(session: Session, event: Event[LogChained]) -> None:
    """Keep a head for good. One that its teller did not sign, or another of the same number, is logged as an alarm."""
    fact, service = event.fact, event.fact.service
    if is_signed(service, fact.head, fact.key_id, fact.signature) is False:
        log.error("log of %s: head %d was not signed by it", service, fact.number)
        return
    others = select(HeadCopy.head).where(HeadCopy.service == service, HeadCopy.number == fact.number)
    if any(head != fact.head for head in session.scalars(others)):
        log.error("log of %s: another head %d was told before; see kompeten verify-log", service, fact.number)
    told = fact.model_dump(include={"number", "head", "closed_at", "key_id", "signature"})
    copy = insert_into(session, HeadCopy).values(service=service, **told)
    session.execute(copy.on_conflict_do_nothing())


def list_copies(session: Session, service: str, after: int, limit: int) -> list[HeadCopy]:
    """Copies of this service's heads with numbers above `after`, in their order; whole numbers, `limit` of them."""
    numbers = (
        select(HeadCopy.number)
        .where(HeadCopy.service == service, HeadCopy.number > after)
        .distinct()
        .order_by(HeadCopy.number)
        .limit(limit)
    )
    wanted = (HeadCopy.service == service) & HeadCopy.number.in_(numbers)
    return list(session.scalars(select(HeadCopy).where(wanted).order_by(HeadCopy.number, HeadCopy.kept_at)))


def find_newest_copy(session: Session, service: str) -> int:
    """The number of the newest block of this service that is known here; 0 without any."""
    return session.scalar(select(func.max(HeadCopy.number)).where(HeadCopy.service == service)) or 0
