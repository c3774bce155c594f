"""A small service to try the messaging on: it counts what it hears."""

from uuid import UUID, uuid4

from sqlalchemy.orm import Mapped, Session, mapped_column

from shared import clock
from shared.contracts import Envelope, Event
from shared.contracts.registration import ApplicationWithdrawn
from shared.database.base import COLUMN_TYPES, Aggregate, DeclarativeBase, SharedBase, named_metadata
from shared.database.unit import Database
from shared.messaging.outbox import announce
from shared.messaging.reactions import Load, NotYet, Reactions, find


class Base(DeclarativeBase):
    metadata = named_metadata()
    type_annotation_map = COLUMN_TYPES


class Thing(Aggregate, Base):
    __tablename__ = "things"
    subject_kind = "thing"


class Effect(Base):
    """One row for each effect an event had; its key is the event's, so a second effect would be an error."""

    __tablename__ = "effects"

    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    subject: Mapped[str]
    reason: Mapped[str]


class Copy(Base):
    """What the reader knows of a thing."""

    __tablename__ = "copies"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    sequence: Mapped[int]
    reason: Mapped[str]


reactions = Reactions("ledger")


@reactions.on(ApplicationWithdrawn, Load(Copy, lambda fact: fact.application_id))
def count(session: Session, event: Event[ApplicationWithdrawn]) -> None:
    """Note the effect; "poison" always fails, "early" waits for the copy to be there."""
    fact = event.fact
    if fact.reason == "poison":
        raise ValueError("poison")
    copy = find(session, Copy, fact.application_id)
    if fact.reason == "early" and copy is None:
        raise NotYet("no copy yet")
    session.add(Effect(event_id=event.id, subject=event.subject, reason=fact.reason))
    if copy is None:
        session.add(Copy(id=fact.application_id, sequence=event.sequence, reason=fact.reason))
    elif copy.sequence < event.sequence:
        copy.sequence, copy.reason = event.sequence, fact.reason


def fact(about: UUID, reason: str = "") -> ApplicationWithdrawn:
    return ApplicationWithdrawn(
        application_id=about,
        applicant_id=uuid4(),
        scheme_id="contoh",
        scheme_version="1",
        scheme_title="Contoh",
        reason=reason,
    )


def message(about: UUID | None = None, reason: str = "", sequence: int = 1, id: UUID | None = None) -> str:
    """An event as it arrives."""
    thing = about or uuid4()
    event = Event(
        id=id or uuid4(),
        type=ApplicationWithdrawn.type,
        source="/registration",
        subject=f"thing/{thing}",
        time=clock.real_now(),
        sequence=sequence,
        correlation_id="test",
        causation_id=None,
        fact=fact(thing, reason),
    )
    return Envelope.around(event).model_dump_json()


def tell(database: Database, reason: str = "", times: int = 1) -> UUID:
    """Make a thing and tell of it `times` times, in one transaction."""
    with database.unit_of_work() as session:
        thing = Thing()
        session.add(thing)
        session.flush()
        for _ in range(times):
            announce(session, thing, fact(thing.id, reason))
        return thing.id


def create_tables(database: Database) -> None:
    Base.metadata.create_all(database.engine)
    SharedBase.metadata.create_all(database.engine)
