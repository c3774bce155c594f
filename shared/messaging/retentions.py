"""How long messages are kept: long enough for any redelivery, and no longer.

The promise "an effect happens once" rests on the inbox knowing every event that may still come. Both ends therefore go
by one age: an event is offered again (after a crash, at an embedded start) only while it is younger than
`keep_events_days`, counted from when it was told; and the inbox keeps what it took in for a day longer, counted from
when it arrived, which is never before it was told.
"""

from datetime import timedelta

from shared.database.retention import Retention
from shared.kept_files.models import FileFinding
from shared.messaging.models import InboxRow, InboxState, JobRow, JobState, OutboxRow
from shared.settings import settings

MARGIN = timedelta(days=1)
"""The inbox outlasts the outbox by this much, for clocks that differ and sweeps that are late."""


def keep_events() -> timedelta:
    """For how long an event may be offered again, counted from when it was told."""
    return timedelta(days=settings().keep_events_days)


def _keep_dead() -> timedelta:
    return timedelta(days=settings().keep_dead_days)


RETENTIONS = (
    Retention(
        "published events",
        OutboxRow,
        lambda before: OutboxRow.published_at.is_not(None) & (OutboxRow.created_at < before),
        keep_events,
    ),
    Retention(
        "events taken in",
        InboxRow,
        lambda before: (InboxRow.state == InboxState.DONE) & (InboxRow.received_at < before),
        lambda: keep_events() + MARGIN,
    ),
    Retention(
        "jobs done",
        JobRow,
        lambda before: (JobRow.state == JobState.DONE) & (JobRow.done_at < before),
        keep_events,
    ),
    Retention(
        "dead events",
        InboxRow,
        lambda before: (InboxRow.state == InboxState.DEAD) & (InboxRow.received_at < before),
        _keep_dead,
    ),
    Retention(
        "dead jobs",
        JobRow,
        lambda before: (JobRow.state == JobState.DEAD) & (JobRow.next_try_at < before),
        _keep_dead,
    ),
    Retention(
        "files found again",
        FileFinding,
        lambda before: FileFinding.resolved_at < before,
        _keep_dead,
    ),
)
"""What waits is never swept. A dead letter is kept for a year by default, for somebody to look at."""
