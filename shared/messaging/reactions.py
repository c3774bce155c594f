"""What a service does when it hears of something: one function per fact, `(session, event)`.

The functions of one batch share a unit of work. What they need to look up is loaded and locked for the whole batch in
one query per table (`loads`), and `find_row` then answers from memory: a query per event is what makes messaging slow.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from shared.contracts import Envelope, Event, Fact
from shared.contracts.involvement import INVOLVEMENT_FACTS
from shared.contracts.registration import ClockMoved, TokensSuperseded

F = TypeVar("F", bound=Fact)
M = TypeVar("M")
Reaction = Callable[[Session, Event[Any]], None]
_FOUND = "kompeten.found"


class NotYet(Exception):
    """What this reaction builds on has not arrived yet: try again shortly. No failure until it has lasted."""


class NotHere(NotYet):
    """This version has no reaction to it; a newer one, which is being started, has."""


@dataclass(frozen=True, slots=True)
class Load:
    """Rows of `model` that an event will ask for: those whose primary key is `key(fact)`.

    They are locked until the end of the transaction, because what is read is about to be compared and written over;
    `lock=False` is for what is only read.
    """

    model: type[Any]
    key: Callable[[Any], UUID | str]
    lock: bool = True


@dataclass(frozen=True, slots=True)
class Handler:
    """The reaction to one kind of fact, and the rows it will ask for."""

    fact: type[Fact]
    reaction: Reaction
    loads: Sequence[Load] = ()


@dataclass
class Reactions:
    """The reactions of one service; its queue is bound to just these facts."""

    service: str
    handlers: dict[str, Handler] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.service != ClockMoved.service:
            from shared.database.trial_clock import follow_clock

            self.on(ClockMoved)(follow_clock)
        if self.service != TokensSuperseded.service:
            from shared.security.generations import follow_generation

            self.on(TokensSuperseded)(follow_generation)
        if self.service in INVOLVEMENT_FACTS:
            from shared.involvement.recording import follow_involvement

            for service, fact in INVOLVEMENT_FACTS.items():
                if service != self.service:
                    self.on(fact)(follow_involvement)

    def on(self, fact: type[F], *loads: Load) -> Callable[[Callable[[Session, Event[F]], None]], Any]:
        """Take the decorated function as the reaction to `fact`. One fact has one reaction in a service."""

        def keep(reaction: Callable[[Session, Event[F]], None]) -> Callable[[Session, Event[F]], None]:
            if fact.type in self.handlers:
                raise ValueError(f"{self.service} reacts to {fact.type} already")
            self.handlers[fact.type] = Handler(fact, reaction, loads)
            return reaction

        return keep

    @property
    def types(self) -> list[str]:
        return sorted(self.handlers)

    def open_envelope(self, envelope: Envelope) -> Event[Any]:
        """The event inside; raises pydantic.ValidationError when it does not fit its contract."""
        return envelope.opened(self.handlers[envelope.type].fact)

    def preload(self, session: Session, events: Iterable[Event[Any]]) -> None:
        """Load what `events` will ask for, one query per table; tables and keys in one order for everybody, so that
        two replicas wait for each other and never in a ring.
        """
        wanted: dict[type[Any], set[UUID | str]] = {}
        locked: set[type[Any]] = set()
        for event in events:
            for load in self.handlers[event.type].loads:
                wanted.setdefault(load.model, set()).add(load.key(event.fact))
                if load.lock:
                    locked.add(load.model)
        session.info[_FOUND] = {
            model: _load_rows(session, model, wanted[model], lock=model in locked)
            for model in sorted(wanted, key=lambda model: str(model.__tablename__))
        }

    def react(self, session: Session, event: Event[Any]) -> None:
        """Call the reaction to this type of event, in the caller's transaction. Raises KeyError for one not awaited."""
        self.handlers[event.type].reaction(session, event)


def _load_rows(session: Session, model: type[M], keys: set[UUID | str], *, lock: bool) -> dict[UUID | str, M | None]:
    column = inspect(model).primary_key[0]
    statement = select(model).where(column.in_(keys))
    if lock:
        # what waited for the lock is read as the other transaction left it
        statement = statement.order_by(column).with_for_update(of=model).execution_options(populate_existing=True)
    found: dict[UUID | str, M | None] = dict.fromkeys(keys)
    for row in session.scalars(statement):
        found[inspect(row).identity[0]] = row
    return found


def find_row(session: Session, model: type[M], key: UUID | str, *, lock: bool = True) -> M | None:
    """The row of `model` with this primary key: from what was loaded for the batch or added in it, else by a query.

    The query locks the row, for what is found is mostly written; `lock=False` is for what is only read.
    """
    loaded: Mapping[UUID | str, M | None] = session.info.get(_FOUND, {}).get(model, {})
    row = loaded.get(key)
    if row is not None:
        return row
    added = _find_added(session, model, key)
    if added is not None or key in loaded:
        return added
    return session.get(model, key, with_for_update={"of": model} if lock else None)


def _find_added(session: Session, model: type[M], key: UUID | str) -> M | None:
    attribute = inspect(model).primary_key[0].key
    for row in session.new:
        if isinstance(row, model) and getattr(row, attribute) == key:
            return row
    return session.identity_map.get(session.identity_key(model, key))
