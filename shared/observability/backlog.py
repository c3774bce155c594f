"""What the messaging's tables hold that is not done: each figure by an index, none by reading what is done."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from shared.chain.chaining import find_chained_position
from shared.chain.ledgers import LEDGERS
from shared.clock import real_now
from shared.messaging.models import EVENTS_EXCHANGE, PUBLIC_EXCHANGE, InboxRow, InboxState, JobRow, JobState, OutboxRow
from shared.observability.status import Backlog, JobStatus, LogStatus, OutboxStatus

MOST_COUNTED = 100_000
"""Rows that are counted of one kind: whether there are more changes nothing for whoever looks."""


def read_backlog(session: Session) -> Backlog:
    """What waits and what is dead in the database of one service."""
    return Backlog(
        outbox=[_outbox(session, exchange) for exchange in (EVENTS_EXCHANGE, PUBLIC_EXCHANGE)],
        inbox_waiting=_count(session, select(InboxRow.event_id).where(InboxRow.state == InboxState.WAITING)),
        inbox_oldest_seconds=_age(
            session.scalar(select(func.min(InboxRow.received_at)).where(InboxRow.state == InboxState.WAITING))
        ),
        inbox_dead=_count(session, select(InboxRow.event_id).where(InboxRow.state == InboxState.DEAD)),
        jobs=list(_jobs(session)),
    )


def read_log_status(session: Session) -> LogStatus:
    """What of the log of one service is not chained yet."""
    unchained, oldest = 0, 0.0
    for ledger in LEDGERS.values():
        position = ledger.model.position
        later = position > find_chained_position(session, ledger)
        first = session.scalar(select(ledger.model.at).where(later).order_by(position).limit(1))
        if first is not None:
            unchained += _count(session, select(position).where(later))
            oldest = max(oldest, _age(first))
    return LogStatus(unchained=unchained, oldest_seconds=oldest)


def _outbox(session: Session, exchange: str) -> OutboxStatus:
    waiting = (OutboxRow.exchange == exchange) & OutboxRow.published_at.is_(None)
    oldest = session.scalar(select(OutboxRow.created_at).where(waiting).order_by(OutboxRow.position).limit(1))
    count = _count(session, select(OutboxRow.position).where(waiting)) if oldest else 0
    return OutboxStatus(exchange=exchange, waiting=count, oldest_seconds=_age(oldest))


def _jobs(session: Session) -> Iterable[JobStatus]:
    counted = {
        (row.kind, row.state): row
        for row in session.execute(
            select(JobRow.kind, JobRow.state, func.count().label("count"), func.min(JobRow.created_at).label("oldest"))
            .where(JobRow.state.in_((JobState.WAITING, JobState.DEAD)))
            .group_by(JobRow.kind, JobRow.state)
        )
    }
    for kind in sorted({kind for kind, _ in counted}):
        waiting, dead = counted.get((kind, JobState.WAITING)), counted.get((kind, JobState.DEAD))
        yield JobStatus(
            kind=kind,
            waiting=waiting._mapping["count"] if waiting else 0,
            oldest_seconds=_age(waiting.oldest if waiting else None),
            dead=dead._mapping["count"] if dead else 0,
        )


def _count(session: Session, rows: Select[Any]) -> int:
    return session.scalar(select(func.count()).select_from(rows.limit(MOST_COUNTED).subquery())) or 0


def _age(at: datetime | None) -> float:
    return max(0.0, round((real_now() - at).total_seconds(), 1)) if at else 0.0
