"""The door every message comes in by: what is an event that fits, and what is laid aside with the reason.

Whatever passes here can be written into the inbox, so that one message that cannot be never takes its neighbours with
it. The same is asked at the way out (`outbox.announce`), so that nothing is told that no reader could keep.
"""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

from pydantic import ValidationError

from shared.contracts import Envelope, Event
from shared.contracts.tellers import source_of, teller_of
from shared.messaging.models import CAUSE_LENGTH, SUBJECT_LENGTH, TYPE_LENGTH
from shared.messaging.reactions import Reactions

LARGEST_BYTES = 4 * 1024 * 1024
"""The largest envelope that is told: a broker refuses larger messages by closing the channel (RabbitMQ 4: 16 MiB)."""
LARGEST_SEQUENCE = 2**31 - 1
"""What the sequence columns hold."""
_UNREADABLE = UUID("9d1c8a52-3c0b-4c83-9a3e-6f2f1d5a7b10")


@dataclass(frozen=True, slots=True)
class Received:
    """A message from the broker: its bytes, the service that signed them, and the routing key they came under.

    `signer` is None while unsigned events are still let in, `routing_key` when an operator has returned the message.
    """

    body: bytes
    signer: str | None
    routing_key: str | None


Body = bytes | str | Received
"""What is taken in: from the broker with its signer; bytes or a text alone are those of an inbox, or of a test."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """An event that fits its contract, with its envelope as it came."""

    event: Event[Any]
    envelope: str


@dataclass(frozen=True, slots=True)
class Misfit:
    """A message that is no event, or does not fit its contract. Its parts fit the columns of the inbox."""

    id: UUID
    teller: str
    type: str
    subject: str
    envelope: str
    error: str


@dataclass(frozen=True, slots=True)
class Unheard:
    """An event of a kind that this version does not listen to, though the queue is bound to it: a newer one does."""

    envelope: Envelope
    text: str


@dataclass(frozen=True, slots=True)
class Sorted:
    """What arrived, each once, by teller and id: what can be reacted to, what fits no contract, what is for others."""

    events: list[Arrived]
    misfits: list[Misfit]
    unheard: list[Unheard]


def sort_arrived(reactions: Reactions, bodies: Sequence[Body]) -> Sorted:
    """Sort what arrived. What one service tells in another's name takes neither the id nor the type that it claims."""
    events: dict[tuple[str, UUID], Arrived] = {}
    misfits: dict[tuple[str, UUID], Misfit] = {}
    unheard: dict[tuple[str, UUID], Unheard] = {}
    for one in bodies:
        body = one.body if isinstance(one, Received) else one
        try:
            envelope = Envelope.model_validate_json(body)
        except ValueError as error:  # pydantic's, and that of bytes that are no UTF-8
            misfit = _unreadable(body, describe_misfit(error))
            misfits["", misfit.id] = misfit
            continue
        if lie := next(find_lies(envelope, one), None):
            misfit = _unreadable(body, lie, "refused")
            misfits["", misfit.id] = misfit
            continue
        teller = teller_of(envelope.type)
        text = body if isinstance(body, str) else body.decode()
        reason = next(find_unstorable(envelope, text), None)
        if reason is None and envelope.type not in reactions.handlers:
            unheard[teller, envelope.id] = Unheard(envelope, text)
            continue
        if reason is None:
            try:
                events[teller, envelope.id] = Arrived(reactions.open_envelope(envelope), text)
                continue
            except ValueError as error:
                reason = describe_misfit(error)
        misfits[teller, envelope.id] = Misfit(
            envelope.id, teller, envelope.type, _shortened(envelope.subject), text, reason
        )
    return Sorted(list(events.values()), list(misfits.values()), list(unheard.values()))


def find_lies(envelope: Envelope, received: Body) -> Iterator[str]:
    """Each reason why this envelope is not what it says: type, source, routing key and signature name one teller."""
    if envelope.source != source_of(envelope.type):
        yield "source: not that of who tells this type"
    if not isinstance(received, Received):
        return
    if received.routing_key not in (None, envelope.type):
        yield "type: not the routing key it was published under"
    if received.signer not in (None, teller_of(envelope.type)):
        yield f"type: {received.signer} has signed it, and does not tell this"


def find_unstorable(envelope: Envelope, text: str) -> Iterator[str]:
    """Each reason why a reader's tables could not hold this envelope. `text` is its JSON."""
    if len(envelope.subject) > SUBJECT_LENGTH:
        yield f"subject: longer than {SUBJECT_LENGTH} characters"
    if len(envelope.type) > TYPE_LENGTH:
        yield f"type: longer than {TYPE_LENGTH} characters"
    if max(len(envelope.correlationid), len(envelope.causationid or "")) > CAUSE_LENGTH:
        yield f"correlationid or causationid: longer than {CAUSE_LENGTH} characters"
    if not 0 <= envelope.sequence <= LARGEST_SEQUENCE:
        yield f"sequence: not from 0 to {LARGEST_SEQUENCE}"
    # a NUL can only stand in JSON as this escape: most texts are known to be clean by one search
    if "\\u0000" in text and _holds_nul(envelope.model_dump()):
        yield "a text holds the character NUL, which no table can keep"


def describe_misfit(error: ValueError) -> str:
    """What did not fit, without the values: they may be personal."""
    if not isinstance(error, ValidationError):
        return type(error).__name__
    places = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors(include_input=False))
    return "; ".join(places).replace("\x00", "\\0")[:2000]


def _unreadable(body: bytes | str, reason: str, type: str = "unreadable") -> Misfit:
    raw = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
    return Misfit(uuid5(_UNREADABLE, sha256(raw).hexdigest()), "", type, "", _storable(raw), reason)


def _storable(raw: bytes) -> str:
    """The bytes as text; in Base64 where a table could not keep them as they are."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = "\x00"
    return text if "\x00" not in text else "base64:" + base64.b64encode(raw).decode()


def _shortened(subject: str) -> str:
    return subject.replace("\x00", "\\0")[:SUBJECT_LENGTH]


def _holds_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        return any(_holds_nul(part) for pair in value.items() for part in pair)
    if isinstance(value, list):
        return any(_holds_nul(part) for part in value)
    return False
