"""The rows of the inbox that begin there: one insert tells the new from the seen, and what fits nothing lies dead,
what a newer version listens to waits for it.
"""

import logging
from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Text, bindparam, func, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import Session

from shared.clock import real_now
from shared.contracts import Event
from shared.contracts.tellers import teller_of
from shared.database.unit import Database
from shared.database.upsert import insert_into
from shared.messaging.admission import Misfit, Unheard
from shared.messaging.models import InboxRow, InboxState

log = logging.getLogger(__name__)
_KEY = (InboxRow.teller, InboxRow.event_id)


def bury_misfits(database: Database, consumer: str, misfits: Sequence[Misfit]) -> None:
    """Lay the misfits into the inbox as dead. Two replicas may have the same one: the second finds it there."""
    if not misfits:
        return
    now = real_now()
    rows = [
        {
            "consumer": consumer,
            "event_id": misfit.id,
            "teller": misfit.teller,
            "type": misfit.type,
            "subject": misfit.subject,
            "state": InboxState.DEAD,
            "received_at": now,
            "tries": 0,
            "error": f"does not fit its contract: {misfit.error}",
            "envelope": misfit.envelope,
        }
        for misfit in sorted(misfits, key=lambda misfit: (misfit.id, misfit.teller))
    ]
    with database.unit_of_work() as session:
        statement = insert_into(session, InboxRow.__table__).on_conflict_do_nothing().returning(*_KEY)
        new = {(teller, id) for teller, id in session.execute(statement, rows)}
    for misfit in misfits:
        if (misfit.teller, misfit.id) in new:
            log.error("%s %s: dead (does not fit its contract)", misfit.type, misfit.id)


def keep_unheard(database: Database, consumer: str, unheard: Sequence[Unheard]) -> None:
    """Let what this version has no reaction to wait in the inbox: while an update goes on, replicas of the new version
    take it from there. Without one it is dead after `not_yet_limit_seconds`.
    """
    if not unheard:
        return
    now = real_now()
    rows = [
        {
            "consumer": consumer,
            "event_id": one.envelope.id,
            "teller": teller_of(one.envelope.type),
            "type": one.envelope.type,
            "subject": one.envelope.subject,
            "state": InboxState.WAITING,
            "received_at": now,
            "tries": 0,
            "next_try_at": now,
            "waiting_since": now,
            "error": "this version has no reaction to it",
            "envelope": one.text,
        }
        for one in sorted(unheard, key=lambda one: (one.envelope.id, one.envelope.type))
    ]
    with database.unit_of_work() as session:
        session.execute(insert_into(session, InboxRow.__table__).on_conflict_do_nothing(), rows)


def insert_new_events(session: Session, consumer: str, events: Sequence[Event[Any]]) -> set[tuple[str, UUID]]:
    """Put the events into the inbox; teller and id of those that were not there.

    In the order of their ids, so that two replicas with the same events wait for each other and never in a ring.
    """
    ordered = sorted(events, key=key_of_event)
    if session.get_bind().dialect.name == "postgresql":
        return {(teller, id) for teller, id in session.execute(_insert_arrays(), _arrays_of(consumer, ordered))}
    rows = [
        {
            "consumer": consumer,
            "event_id": event.id,
            "teller": teller_of(event.type),
            "type": event.type,
            "subject": event.subject,
            "state": InboxState.DONE,
            "received_at": real_now(),
            "tries": 1,
        }
        for event in ordered
    ]
    statement = insert_into(session, InboxRow.__table__).on_conflict_do_nothing().returning(*_KEY)
    return {(teller, id) for teller, id in session.execute(statement, rows)}


def key_of_event(event: Event[Any]) -> tuple[str, UUID]:
    """An event is known by who tells it and by its id: nobody takes the id of another's event."""
    return teller_of(event.type), event.id


@cache
def _insert_arrays() -> Any:
    """One insert whose text is the same for any number of events: half the work of writing out each row's values."""
    table: Any = InboxRow.__table__
    several = (
        func.unnest(
            bindparam("ids", type_=ARRAY(table.c.event_id.type)),
            bindparam("tellers", type_=ARRAY(Text)),
            bindparam("types", type_=ARRAY(Text)),
            bindparam("subjects", type_=ARRAY(Text)),
        )
        .table_valued("event_id", "teller", "type", "subject")
        .render_derived()
    )
    rows = select(
        bindparam("of_consumer", type_=Text),
        several.c.event_id,
        several.c.teller,
        several.c.type,
        several.c.subject,
        bindparam("in_state", type_=table.c.state.type),
        bindparam("at", type_=table.c.received_at.type),
        literal_column("1"),
    ).order_by(several.c.teller, several.c.event_id)
    columns = ["consumer", "event_id", "teller", "type", "subject", "state", "received_at", "tries"]
    return (
        insert(table)
        .from_select(columns, rows, include_defaults=False)
        .on_conflict_do_nothing()
        .returning(table.c.teller, table.c.event_id)
    )


def _arrays_of(consumer: str, events: Sequence[Event[Any]]) -> dict[str, Any]:
    return {
        "ids": [event.id for event in events],
        "tellers": [teller_of(event.type) for event in events],
        "types": [event.type for event in events],
        "subjects": [event.subject for event in events],
        "of_consumer": consumer,
        "in_state": InboxState.DONE,
        "at": real_now(),
    }
