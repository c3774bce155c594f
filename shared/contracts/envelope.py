"""The CloudEvents 1.0 envelope that every event travels in.

Structured JSON (`application/cloudevents+json`). `sequence` numbers the events of one aggregate, so that a reader can
ignore state older than what it has; `correlationid` joins everything that followed from one request, `causationid`
names the event that led to this one.
"""

import builtins
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, Self, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

CONTENT_TYPE = "application/cloudevents+json"
SPEC_VERSION = "1.0"


class Part(BaseModel):
    """A value inside a fact. Readers ignore fields they don't know."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Fact(Part):
    """The payload of one kind of event: what happened, in the past tense.

    `type` is `id.kompeten.<service>.<fact>.v<n>`; it is also the routing key. A breaking change is a new type.
    """

    type: ClassVar[str]
    service: ClassVar[str]

    _known: ClassVar[dict[str, builtins.type["Fact"]]] = {}

    def __init_subclass__(
        cls, *, service: str | None = None, fact: str | None = None, v: int = 1, **options: Any
    ) -> None:
        super().__init_subclass__(**options)
        if service is None or fact is None:
            return
        cls.service = service
        cls.type = f"id.kompeten.{service}.{fact}.v{v}"
        Fact._known[cls.type] = cls

    @classmethod
    def all(cls) -> Iterable[builtins.type["Fact"]]:
        """Every published kind of fact, by type."""
        return [cls._known[name] for name in sorted(cls._known)]


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
