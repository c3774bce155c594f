"""One sample of every fact that becomes a mail, and how the tests have it heard."""

import types
from collections.abc import Sequence
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, Union, get_args, get_origin
from uuid import UUID, uuid4

from pydantic import BaseModel
from sqlalchemy import select

from services.notification.models import Mail
from services.notification.reactions import reactions
from shared.contracts import Event, Fact
from shared.contracts.registration import AccountOpened
from shared.database.unit import Database

PERSON = UUID(int=1)
AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TEXTS = {"outcome": "clarification_needed", "email": "siti@contoh.test", "language": "id", "link": "https://x.test/k"}


def account(person: UUID = PERSON, **changes: Any) -> AccountOpened:
    values: dict[str, Any] = {
        "account_id": person,
        "name": "Siti Contoh",
        "email": f"siti{person.int}@contoh.test",
        "language": "id",
        "roles": ["applicant"],
        "active": True,
    }
    return AccountOpened(**(values | changes))


def sample(kind: type[BaseModel], **changes: Any) -> Any:
    """A fact (or part) with plausible values in every field."""
    values = {name: _value(name, field.annotation) for name, field in kind.model_fields.items()}
    return kind.model_validate(values | changes)


def hear(database: Database, fact: Fact, sequence: int = 1, event_id: UUID | None = None) -> Event[Any]:
    """As the inbox does it: preloaded, without autoflush, in one unit of work."""
    happened = Event(
        id=event_id or uuid4(),
        type=fact.type,
        source=f"/{fact.service}",
        subject="contoh/x",
        time=AT,
        sequence=sequence,
        correlation_id="contoh",
        causation_id=None,
        fact=fact,
    )
    with database.unit_of_work() as session:
        reactions.preload(session, [happened])
        with session.no_autoflush:
            reactions.react(session, happened)
    return happened


def mails(database: Database, letter: str = "") -> Sequence[Mail]:
    with database.reading() as session:
        found = session.scalars(select(Mail).order_by(Mail.written_at, Mail.to_address)).all()
    return [mail for mail in found if not letter or mail.letter == letter]


def _value(name: str, annotation: Any) -> Any:
    if name in TEXTS:
        return TEXTS[name]
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        return _value(name, get_args(annotation)[0])
    if origin in (list, tuple):
        return [_value(name, get_args(annotation)[0])]
    if origin is dict:
        return {}
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return sample(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return next(iter(annotation))
    known: dict[Any, Any] = {UUID: PERSON, datetime: AT, date: AT.date(), int: 2, bool: True, str: f"{name} contoh"}
    return known[annotation]
