"""Outbox, inbox and done jobs are kept long enough for any redelivery, then swept."""

from datetime import timedelta

from sqlalchemy import delete, select

from shared.clock import real_now
from shared.database.unit import Database
from shared.messaging.models import InboxRow, InboxState, JobRow, JobState, OutboxRow
from shared.settings import settings


def sweep(database: Database) -> None:
    """Delete what is done with and older than `keep_events_days`. What waits or is dead stays.

    The last event of each aggregate is counted in the aggregate itself, so nothing of the order is lost.
    """
    before = real_now() - timedelta(days=settings().keep_events_days)
    with database.unit_of_work() as session:
        session.execute(delete(OutboxRow).where(OutboxRow.published_at < before))
        session.execute(delete(InboxRow).where(InboxRow.state == InboxState.DONE, InboxRow.received_at < before))
        old = select(JobRow.id).where(JobRow.state == JobState.DONE, JobRow.done_at < before)
        session.execute(delete(JobRow).where(JobRow.id.in_(old)))
