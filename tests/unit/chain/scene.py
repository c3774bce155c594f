"""A log with rows, chained; and what is found in it afterwards."""

from datetime import date, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select, text

from services.certificate.domain.states import State
from services.certificate.models import Certificate, Order
from shared import clock
from shared.access_log import Look, note_looks
from shared.audit import record_act
from shared.chain.chaining import begin_chain, chain_block, lock_state, take_in_rows, tell_head
from shared.chain.models import ChainBlock
from shared.chain.verifying import Finding, Walk, verify_blocks
from shared.chain.verifying_copies import verify_registers
from shared.clock import real_now
from shared.contracts import Envelope
from shared.database.unit import Database
from shared.messaging.models import OutboxRow
from shared.security.actor import SYSTEM


def act(database: Database, times: int = 1, after: object = None) -> None:
    """Write rows into the audit log, and a look for each."""
    with database.unit_of_work() as session:
        for number in range(times):
            record_act(session, SYSTEM, "contoh:act", f"contoh/{number}", {"a": 1.0, "b": [None, "é"]}, {"c": after})
            note_looks(session, SYSTEM, [uuid4()], Look.FILE, f"contoh/{number}")


def issue(database: Database, serial: int = 1) -> UUID:
    """A certificate of the register, as issued."""
    with database.unit_of_work() as session:
        order = Order(
            holder_id=uuid4(), holder_name="CONTOH", scheme_id="x", scheme_version="1", scheme_title="x",
        )  # fmt: skip
        session.add(order)
        session.flush()
        certificate = Certificate(
            application_id=order.id, holder_id=order.holder_id, holder_name="CONTOH", serial=serial,
            number=f"contoh {serial}", registration_number=f"contoh {serial}", scheme_id="x", scheme_version="1",
            scheme_title="x", units=["a"], issuer="x", issued_on=date(2026, 11, 1), expires_on=date(2029, 11, 1),
            numbered_at=clock.now(), state=State.VALID,
        )  # fmt: skip
        session.add(certificate)
    return certificate.id


def chain(database: Database, later: timedelta = timedelta()) -> int:
    """Chain everything that has settled, at a time that much later; how many blocks there are then."""
    begin_chain(database)
    now, more = real_now() + later, True
    while more:
        with database.unit_of_work() as session:
            state = lock_state(session, database.service)
            assert state is not None
            more = chain_block(session, database.service, state, now)
            more = more or take_in_rows(session, database.service, state, now)
    with database.reading() as session:
        return len(session.scalars(select(ChainBlock.number)).all())


def tell(database: Database, keeper: Database, later: timedelta = timedelta(minutes=10)) -> None:
    """Let the head be told, and the keeper hear of it."""
    with database.unit_of_work() as session:
        state = lock_state(session, database.service)
        assert state is not None
        tell_head(session, database.service, state, real_now() + later)
    from services.surveillance.reactions import reactions

    with database.reading() as session, keeper.unit_of_work() as kept:
        for row in session.scalars(select(OutboxRow).order_by(OutboxRow.position)):
            event = reactions.open_envelope(Envelope.model_validate_json(row.envelope))
            reactions.react(kept, event)


def own(database: Database, *statements: str) -> None:
    """What the owner of the database does, past the service."""
    with database.unit_of_work() as session:
        for statement in statements:
            session.execute(text(statement))


def verify(database: Database) -> list[Finding]:
    """What is found."""
    with database.reading() as session:
        walk = Walk()
        return [
            *verify_blocks(session, database.service, walk),
            *verify_registers(session, database.service, walk),
        ]


def places(found: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.wrong.value, finding.place) for finding in found]
