"""Own copies of others' facts: of two events about the same thing the newer one counts, in whatever order they come.

Each row is locked before it is compared (`Reactions.preload` locks what a batch asks for, in the order of the keys;
`find_row` locks what was not foreseen), so that a slower transaction with an older event cannot write over a newer one.
A row that is not there yet cannot be locked: of two that begin it the second fails on its key and runs again.
"""

from collections.abc import Mapping
from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from shared.contracts import Event
from shared.messaging.reactions import find_row


class Copy(Protocol):
    """A row that counts the events it was made from: `sequence` is that of the newest one applied."""

    sequence: Any


C = TypeVar("C", bound=Copy)


def keep_newest(
    session: Session, model: type[C], key: UUID | str, event: Event[Any], values: Mapping[str, Any]
) -> C | None:
    """Keep `values` as the copy of `model` under `key`, unless a newer event has been applied to it.

    All events about one row are about one aggregate, so that their sequence numbers compare. Returns the row when the
    event was applied, None when it is older than what is known (or the same).
    """
    row = find_row(session, model, key)
    if row is None:
        name = inspect(model).primary_key[0].key
        row = model(**{name: key, "sequence": event.sequence, **values})
        session.add(row)
        return row
    if not take_if_newer(row, event):
        return None
    for name, value in values.items():
        setattr(row, name, value)
    return row


def take_if_newer(row: Copy, event: Event[Any]) -> bool:
    """Whether `event` is newer than what `row` was made from; it counts as applied from now on."""
    if row.sequence is not None and event.sequence <= row.sequence:
        return False
    row.sequence = event.sequence
    return True
