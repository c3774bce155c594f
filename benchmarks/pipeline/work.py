"""The durable work everybody does in this benchmark: one inbox row and one effect row in one transaction."""

from uuid import UUID

from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.contracts import Event
from shared.contracts.registration import ApplicationWithdrawn
from shared.database.base import COLUMN_TYPES, Aggregate, DeclarativeBase, SharedBase, named_metadata
from shared.database.unit import Database
from shared.messaging.outbox import announce
from shared.messaging.reactions import Reactions


class Base(DeclarativeBase):
    metadata = named_metadata()
    type_annotation_map = COLUMN_TYPES


class Thing(Aggregate, Base):
    __tablename__ = "things"
    subject_kind = "thing"


class Effect(Base):
    __tablename__ = "effects"

    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    subject: Mapped[str]
    reason: Mapped[str]


reactions = Reactions("bench")


@reactions.on(ApplicationWithdrawn)
def note_effect(session: Session, event: Event[ApplicationWithdrawn]) -> None:
    session.add(Effect(event_id=event.id, subject=event.subject, reason=event.fact.reason))


def create_tables(database: Database) -> None:
    Base.metadata.create_all(database.engine)
    SharedBase.metadata.create_all(database.engine)


def tell_events(database: Database, count: int) -> None:
    """Commit `count` events, in one transaction."""
    with database.unit_of_work() as session:
        things = [Thing() for _ in range(count)]
        session.add_all(things)
        session.flush()
        for thing in things:
            announce(
                session,
                thing,
                ApplicationWithdrawn(
                    application_id=thing.id,
                    applicant_id=thing.id,
                    scheme_id="contoh",
                    scheme_version="1",
                    scheme_title="Contoh",
                    reason="withdrawn by the applicant",
                ),
            )
