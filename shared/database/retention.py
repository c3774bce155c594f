"""How long what is done with is kept, and how it goes: in bounded steps, each a transaction of its own.

One policy for everything that passes: events that were published, events that were taken in, jobs that are done, dead
letters, and what a service adds of its own (sessions, uploads without an owner). A service's own entries are given to
its timers: `timers.keeps(Retention(...))`. Behind each condition stands an index, or the hourly look would read the
whole table.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, inspect, select, tuple_

from shared.clock import real_now
from shared.database.changes import change_rows
from shared.database.unit import Database, DatabaseAway

log = logging.getLogger(__name__)

ROWS_A_STEP = 1000
"""Rows deleted in one transaction: its locks are held for some ten milliseconds."""
PAUSE_SECONDS = 0.02
"""Between two steps, so that whoever waits for the database (or for SQLite's one writer) comes in between."""


@dataclass(frozen=True, slots=True)
class Retention:
    """Rows of `model` go once `is_over(before)` holds, where `before` is now less `keep()`.

    `name` is what logs call it. `is_over` is an SQL condition on columns that are indexed together.
    """

    name: str
    model: type[Any]
    is_over: Callable[[datetime], ColumnElement[bool]]
    keep: Callable[[], timedelta]


def sweep_rows(database: Database, retention: Retention, rows_a_step: int = ROWS_A_STEP) -> int:
    """Delete every row that is over, `rows_a_step` at a time. Returns how many went.

    Safe to run in every replica at once: a step passes over rows that another one holds.
    """
    total = 0
    while gone := sweep_step(database, retention, rows_a_step):
        total += gone
        if gone < rows_a_step:
            break
        time.sleep(PAUSE_SECONDS)
    if total:
        log.info("%s of %s: %d rows are past their time and gone", retention.name, database.service, total)
    return total


def sweep_step(database: Database, retention: Retention, limit: int = ROWS_A_STEP) -> int:
    """Delete at most `limit` rows that are over, in one transaction. Returns how many went."""
    key = tuple_(*inspect(retention.model).primary_key)
    over = (
        select(*inspect(retention.model).primary_key)
        .where(retention.is_over(real_now() - retention.keep()))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    with database.unit_of_work() as session:
        return change_rows(session, delete(retention.model).where(key.in_(over)))


def sweep_all(database: Database, retentions: Sequence[Retention]) -> None:
    """Sweep by every policy, one after the other; one that fails is logged and keeps none of the others."""
    for retention in retentions:
        try:
            sweep_rows(database, retention)
        except DatabaseAway as away:
            log.warning("%s of %s are swept later: the database is away (%s)", retention.name, database.service, away)
        except Exception:
            log.exception("%s of %s could not be swept", retention.name, database.service)
