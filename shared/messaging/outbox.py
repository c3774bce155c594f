"""Telling: an event goes into the outbox in the same transaction as the change it tells of."""

import json
from collections.abc import Callable
from typing import Any, Protocol
from uuid import uuid4

from sqlalchemy.orm import Session

from shared import clock
from shared.contracts import Envelope, Event, Fact
from shared.contracts.sealed import PREFIX, find_unsealed, list_sealed_fields, sealed_kinds
from shared.database.unit import TOLD
from shared.messaging.admission import LARGEST_BYTES, find_unstorable
from shared.messaging.context import causation, correlation_id
from shared.messaging.models import EVENTS_EXCHANGE, PUBLIC_EXCHANGE, OutboxRow


class Told(Protocol):
    """What facts are about: an aggregate, that counts what was told of it."""

    sequence: int

    @property
    def subject(self) -> str: ...


Keeper = Callable[[Session, Event[Any], str], None]
_keepers: dict[str, Keeper] = {}


def keep_told_events(service: str) -> Callable[[Keeper], Keeper]:
    """Hand each event of `service` to the decorated `(session, event, envelope)`, in the transaction that tells it."""

    def register(keep: Keeper) -> Keeper:
        _keepers[service] = keep
        return keep

    return register


def announce(session: Session, about: Told, fact: Fact) -> None:
    """Tell `fact` about an aggregate: published after the commit, never when there is none (docs/messaging.md).

    Beside it go the earlier wordings that are still promised (`Fact.supersedes`), each an event of its own.
    """
    for wording in fact.wordings(clock.today()):
        _tell(session, about, wording)
    session.info[TOLD] = True


def _tell(session: Session, about: Told, fact: Fact) -> None:
    about.sequence = (about.sequence or 0) + 1
    event = Event(
        id=uuid4(),
        type=fact.type,
        source=f"/{fact.service}",
        subject=about.subject,
        time=clock.now(),
        sequence=about.sequence,
        correlation_id=correlation_id(),
        causation_id=causation.get(),
        fact=fact,
    )
    for reason in find_unsealed(fact):
        raise ValueError(f"{fact.type}: {reason}")
    envelope = Envelope.around(event)
    text = envelope.model_dump_json(exclude_none=True)
    _refuse_untellable(envelope, text)
    session.add(
        OutboxRow(
            id=event.id,
            type=event.type,
            subject=event.subject,
            exchange=exchange_of(event.type),
            sequence=event.sequence,
            envelope=text,
        )
    )
    if keep := _keepers.get(fact.service):
        keep(session, event, text)


def exchange_of(fact_type: str) -> str:
    """The exchange a fact is published on: facts for outsiders have their own; nothing else goes there."""
    return PUBLIC_EXCHANGE if fact_type.startswith("id.kompeten.public.") else EVENTS_EXCHANGE


def _refuse_untellable(envelope: Envelope, text: str) -> None:
    """Raise ValueError for what no reader could keep: told, it would stop the relay or lie dead at every reader."""
    if len(text) * 4 > LARGEST_BYTES and len(text.encode()) > LARGEST_BYTES:
        raise ValueError(f"{envelope.type}: larger than {LARGEST_BYTES} bytes")
    for reason in find_unstorable(envelope, text):
        raise ValueError(f"{envelope.type}: {reason}")


def erase_sealed_fields(fact_type: str, envelope: str) -> str:
    """The envelope without what is in its sealed fields: the outbox keeps no secret that its reader has been sent."""
    told = json.loads(envelope)
    told["data"] |= dict.fromkeys(list_sealed_fields(sealed_kinds()[fact_type]), PREFIX)
    return json.dumps(told, ensure_ascii=False)
