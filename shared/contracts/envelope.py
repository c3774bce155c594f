"""The CloudEvents 1.0 envelope that every event travels in.

Structured JSON (`application/cloudevents+json`). `sequence` numbers the events of one aggregate, so that a reader can
ignore state older than what it has; `correlationid` joins everything that followed from one request, `causationid`
names the event that led to this one.
"""

import builtins
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Generic, Self, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

CONTENT_TYPE = "application/cloudevents+json"
BATCH_TYPE = "application/cloudevents-batch+json"
SPEC_VERSION = "1.0"


class Part(BaseModel):
    """A value inside a fact. Readers ignore fields they don't know."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Fact(Part):
    """The payload of one kind of event: what happened, in the past tense.

    `type` is `id.kompeten.<service>.<fact>.v<n>`; it is also the routing key. A breaking change is a new type, which
    names the one it `supersedes` and can say itself `in_earlier_words`: both are published `promised_until` a day.
    """

    type: ClassVar[str]
    service: ClassVar[str]
    supersedes: ClassVar[builtins.type["Fact"] | None] = None
    promised_until: ClassVar[date | None] = None

    _known: ClassVar[dict[str, builtins.type["Fact"]]] = {}

    def __init_subclass__(
        cls,
        *,
        service: str | None = None,
        fact: str | None = None,
        v: int = 1,
        supersedes: builtins.type["Fact"] | None = None,
        promised_until: date | None = None,
        **options: Any,
    ) -> None:
        super().__init_subclass__(**options)
        if service is None or fact is None:
            return
        if (supersedes is None) != (promised_until is None):
            raise TypeError("a fact that supersedes another says until when both are published")
        cls.service, cls.supersedes, cls.promised_until = service, supersedes, promised_until
        cls.type = f"id.kompeten.{service}.{fact}.v{v}"
        Fact._known[cls.type] = cls

    @classmethod
    def all(cls) -> Iterable[builtins.type["Fact"]]:
        """Every published kind of fact, by type."""
        return [cls._known[name] for name in sorted(cls._known)]

    @classmethod
    def superseded_by(cls) -> builtins.type["Fact"] | None:
        """The kind that takes this one's place; None for the newest."""
        return next((kind for kind in Fact.all() if kind.supersedes is cls), None)

    def in_earlier_words(self) -> "Fact":
        """This fact as the superseded type said it; every kind that supersedes another defines it."""
        raise NotImplementedError(type(self).__name__)

    def wordings(self, today: date) -> list["Fact"]:
        """What is published on `today`: this fact, and each earlier wording still promised."""
        if self.promised_until is None or today > self.promised_until:
            return [self]
        return [self, *self.in_earlier_words().wordings(today)]


F = TypeVar("F", bound=Fact)


@dataclass(frozen=True, slots=True)
class Event(Generic[F]):
    """A fact with its envelope. `time` is aware UTC; `subject` is `<kind>/<uuid>` of the aggregate."""

    id: UUID
    type: str
    source: str
    subject: str
    time: datetime
    sequence: int
    correlation_id: str
    causation_id: str | None
    fact: F


class Envelope(BaseModel):
    """The JSON on the wire."""

    model_config = ConfigDict(extra="ignore")

    specversion: str = SPEC_VERSION
    id: UUID
    source: str
    type: str
    subject: str
    time: datetime
    datacontenttype: str = "application/json"
    sequence: int
    correlationid: str
    causationid: str | None = None
    data: dict[str, Any]

    @classmethod
    def around(cls, event: Event[Any]) -> Self:
        """The envelope that carries `event` over the broker."""
        return cls(
            id=event.id,
            source=event.source,
            type=event.type,
            subject=event.subject,
            time=event.time,
            sequence=event.sequence,
            correlationid=event.correlation_id,
            causationid=event.causation_id,
            data=event.fact.model_dump(mode="json"),
        )

    def opened(self, kind: builtins.type[F]) -> Event[F]:
        """The event inside, checked against its contract. Raises pydantic.ValidationError when it does not fit."""
        return Event(
            id=self.id,
            type=self.type,
            source=self.source,
            subject=self.subject,
            time=self.time,
            sequence=self.sequence,
            correlation_id=self.correlationid,
            causation_id=self.causationid,
            fact=kind.model_validate(self.data),
        )
