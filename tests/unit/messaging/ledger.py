"""A small service to try the messaging on: it counts what it hears."""

from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared import clock
from shared.contracts import Envelope, Event
from shared.contracts.registration import ApplicationWithdrawn
from shared.database.base import COLUMN_TYPES, Aggregate, DeclarativeBase, SharedBase, named_metadata
from shared.database.unit import Database
from shared.messaging.copies import keep_newest
from shared.messaging.outbox import announce
from shared.messaging.reactions import Load, NotYet, Reactions, find_row


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


class Reference(Base):
    """Names a thing that must be there by the end of the transaction: one that is not fails the commit itself."""

    __tablename__ = "references_to_things"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    thing_id: Mapped[UUID] = mapped_column(ForeignKey("things.id", deferrable=True, initially="DEFERRED"))


reactions = Reactions("ledger")


@reactions.on(ApplicationWithdrawn, Load(Copy, lambda fact: fact.application_id))
def count(session: Session, event: Event[ApplicationWithdrawn]) -> None:
    """Note the effect, and what is the newest of the thing.

    "poison" always fails; "nul" with words no table can keep; "dangling" only at the commit; "slow" by never ending
    (PostgreSQL); "early" waits for the copy to be there.
    """
    fact = event.fact
    if fact.reason == "poison":
        raise ValueError("poison")
    if fact.reason == "nul":
        raise ValueError("words with \x00 and \ud800 in them")
    if fact.reason == "dangling":
        session.add(Reference(id=event.id, thing_id=uuid4()))
    if fact.reason == "slow":
        session.execute(text("SELECT pg_sleep(60)"))
    if fact.reason == "early" and find_row(session, Copy, fact.application_id) is None:
        raise NotYet("no copy yet")
    session.add(Effect(event_id=event.id, subject=event.subject, reason=fact.reason))
    keep_newest(session, Copy, fact.application_id, event, {"reason": fact.reason})


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
