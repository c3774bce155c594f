"""Where the bit of a new version stands in the status lists: drawn at random, so that nobody guesses it from his own.

A list is filled to its half. The places left free look like those of certificates that are good: nobody tells which are
used, and a draw that meets a used place is repeated, less than twice on average.
"""

import secrets
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.certificate.commands.counting import lock_counter
from services.certificate.models import Version
from shared.credentials.statuslist import ENTRIES

COUNTER = "status-place"
USED = ENTRIES // 2
"""Places of a list that are used."""
DRAWN_AT_ONCE = 64
_DRAWN = "certificate.drawn-places"
"""Key in `Session.info`: what was drawn for this transaction."""


@dataclass
class _Drawn:
    """Free places by list, not used yet; and those given away, which need not be written yet."""

    free: dict[int, list[int]] = field(default_factory=dict)
    given: set[int] = field(default_factory=set)


def take_status_place(session: Session) -> int:
    """A free place, as the index of a version in the status lists; nobody else takes it (the counter is locked).

    A new list is begun after `USED` places. A rollback gives the places back.
    """
    counter = lock_counter(session, COUNTER)
    if counter.value == 0:
        counter.value = _find_beginning(session)
    number = counter.value // USED
    counter.value += 1
    drawn: _Drawn = session.info.setdefault(_DRAWN, _Drawn())
    while not drawn.free.get(number):
        drawn.free[number] = [place for place in _draw_free(session, number) if place not in drawn.given]
    place = drawn.free[number].pop()
    drawn.given.add(place)
    return place


def _find_beginning(session: Session) -> int:
    """The count to begin with: in a list of its own behind those whose places were given in order."""
    last = session.scalar(select(func.max(Version.status_index)))
    return 0 if last is None else (last // ENTRIES + 1) * USED


def _draw_free(session: Session, number: int) -> list[int]:
    drawn = {number * ENTRIES + secrets.randbelow(ENTRIES) for _ in range(DRAWN_AT_ONCE)}
    used = set(session.scalars(select(Version.status_index).where(Version.status_index.in_(drawn))))
    free = list(drawn - used)
    secrets.SystemRandom().shuffle(free)
    return free
