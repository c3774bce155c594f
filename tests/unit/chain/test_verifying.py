"""Whatever the owner of a database does to a chained log is named, by position and subject."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, text

from services.certificate.domain.states import State
from services.certificate.models import CERTIFICATES, Base, Certificate
from shared.audit import record_act
from shared.chain.chaining import TAKE_IN_AFTER
from shared.chain.erasing import ERASED, record_erasure
from shared.chain.ledgers import AUDIT
from shared.chain.registers import read_register
from shared.chain.verifying import Wrong
from shared.database.unit import Database
from shared.security.actor import SYSTEM
from tests.unit.chain.scene import act, chain, issue, own, places, verify

REGISTER = Base.metadata.tables["certificate"]
LATER = TAKE_IN_AFTER + timedelta(minutes=1)


@pytest.fixture
def chained(database: Database) -> Database:
    """Three acts and looks, one certificate, all chained in three blocks; then one more act."""
    act(database, 3)
    issue(database)
    chain(database, LATER)
    act(database)
    chain(database, LATER)
    return database


def test_nothing_is_found_in_a_log_that_nobody_touched(chained: Database) -> None:
    assert verify(chained) == []


def test_a_log_without_rows_is_right(database: Database) -> None:
    assert chain(database) == 0
    assert verify(database) == []


ALTER = "UPDATE audit_log SET actor_name = 'ORANG LAIN' WHERE position = 2"
REMOVE = "DELETE FROM audit_log WHERE position = 2"
CUT = "DELETE FROM audit_log WHERE position = 4"
COPY = "INSERT INTO access_log SELECT 2, at, person_id, actor_id, actor_name, actor_roles, look, subject, reason,"
SWAP = [f"UPDATE audit_log SET position = {new} WHERE position = {old}" for old, new in ((1, 99), (2, 1), (99, 2))]


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        ([ALTER], [("altered", "audit/2")]),
        (["UPDATE audit_log SET after = NULL WHERE position = 3"], [("altered", "audit/3")]),
        (["UPDATE access_log SET look = 'nonsense' WHERE position = 1"], [("altered", "access/1")]),
        ([REMOVE], [("removed", "audit/2")]),
        ([CUT], [("removed", "audit/4")]),
        (SWAP, [("altered", "audit/1"), ("altered", "audit/2")]),
        (
            ["DELETE FROM audit_log WHERE position = 4", "UPDATE audit_log SET position = 4 WHERE position = 3"],
            [("removed", "audit/3"), ("altered", "audit/4")],
        ),
    ],
)
def test_rows_that_were_touched_are_named(
    chained: Database, statements: Sequence[str], found: list[tuple[str, str]]
) -> None:
    own(chained, *statements)
    assert places(verify(chained)) == found


def test_a_row_slipped_in_between_is_named(database: Database) -> None:
    act(database, 3)
    own(database, "DELETE FROM audit_log WHERE position = 2")
    chain(database)
    assert verify(database) == []
    own(
        database,
        "INSERT INTO audit_log (position, at, actor_id, actor_name, actor_roles, action, subject, correlation_id)"
        " SELECT 2, at, actor_id, actor_name, actor_roles, action, 'contoh/slipped', correlation_id"
        " FROM audit_log WHERE position = 1",
    )
    (found,) = verify(database)
    assert (found.wrong, found.place, found.subject) == (Wrong.ADDED, "audit/2", "contoh/slipped")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE chain_block SET root = previous WHERE number = 2",
        "UPDATE chain_block SET closed_at = (SELECT closed_at FROM chain_block WHERE number = 1) WHERE number > 6",
        "UPDATE chain_block SET previous = root WHERE number = 2",
        "UPDATE chain_block SET signature = (SELECT signature FROM chain_block WHERE number = 1) WHERE number = 2",
        "UPDATE chain_block SET leaves = (SELECT leaves FROM chain_block WHERE number = 3) WHERE number = 1",
        "DELETE FROM chain_block WHERE number = 2",
        "UPDATE chain_block SET number = number + 10",
    ],
)
def test_blocks_that_were_touched_are_named(chained: Database, statement: str) -> None:
    own(chained, statement)
    assert Wrong.BLOCK in {found.wrong for found in verify(chained)}


def erase(database: Database, statement: str, position: int) -> None:
    """What the service itself does on behalf of a person, with its key."""
    with database.unit_of_work() as session:
        session.execute(text(statement))
        record_erasure(session, "certificate", SYSTEM, AUDIT, position, "UU 27/2022, contoh")
    chain(database, LATER)


def test_rows_that_were_erased_with_a_record_are_no_finding(chained: Database) -> None:
    erase(chained, ALTER, 2)
    erase(chained, REMOVE.replace("2", "3"), 3)
    assert verify(chained) == []


def test_what_is_altered_or_removed_after_an_erasure_is_named(chained: Database) -> None:
    erase(chained, ALTER, 2)
    erase(chained, REMOVE.replace("2", "3"), 3)
    own(chained, ALTER.replace("ORANG", "SIAPA"), REMOVE.replace("2", "4"))
    assert places(verify(chained)) == [("altered", "audit/2"), ("removed", "audit/4")]


def test_an_entry_of_the_audit_log_excuses_nothing(chained: Database) -> None:
    """This failure mode means: who owns the database adds an act at the end and may alter whatever it names."""
    own(chained, ALTER)
    with chained.unit_of_work() as session:
        record_act(session, SYSTEM, ERASED, "audit/2", None, {"reason": "UU 27/2022, contoh"})
    chain(chained, LATER)
    assert places(verify(chained)) == [("altered", "audit/2")]


def test_a_record_of_an_erasure_that_the_service_did_not_write_is_named(chained: Database) -> None:
    erase(chained, REMOVE, 2)
    own(
        chained,
        REMOVE.replace("2", "3"),
        "INSERT INTO chain_record (register, record_id, subject, digest, at, mark)"
        " SELECT register, record_id, 'erasures/audit/3', digest, at, mark FROM chain_record"
        " WHERE register = 'erasures'",
    )
    chain(chained, LATER)
    found = [(finding.wrong, finding.subject) for finding in verify(chained)]
    assert (Wrong.ADDED, "erasures/audit/3") in found


@pytest.mark.parametrize("table", ["audit_log", "access_log"])
def test_a_row_below_the_first_position_is_named(chained: Database, table: str) -> None:
    """Rows are counted from 1: one that was put lower was in no block, and in no comparison."""
    columns = {
        "audit_log": "actor_id, actor_name, actor_roles, action, subject",
        "access_log": "person_id, actor_id, actor_name, actor_roles, look, subject, reason",
    }[table]
    own(
        chained,
        f"INSERT INTO {table} (position, at, {columns}, correlation_id)"
        f" SELECT -7, at, {columns}, correlation_id FROM {table} WHERE position = 1",
    )
    assert places(verify(chained)) == [("added", f"{table.removesuffix('_log')}/-7")]


def test_a_certificate_altered_in_the_database_is_named(chained: Database) -> None:
    own(chained, "UPDATE certificate SET holder_name = 'ORANG LAIN'")
    (found,) = verify(chained)
    assert (found.wrong, found.place) == (Wrong.ALTERED, "certificates/contoh 1")


def test_a_certificate_that_was_added_or_removed_past_the_service_is_named(chained: Database) -> None:
    with chained.engine.execution_options(kompeten_writing=True).begin() as connection:
        row = dict(connection.execute(select(REGISTER)).mappings().one())
        own = {"serial": 9, "number": "contoh 9", "registration_number": "contoh 9"}
        other = row["id"].__class__(int=row["id"].int ^ 1)
        connection.execute(delete(REGISTER))
        connection.execute(insert(REGISTER).values({**row, **own, "id": other}))
    assert sorted(places(verify(chained))) == [("added", "certificates/contoh 9"), ("removed", "certificates/contoh 1")]


def test_a_record_that_fits_an_altered_certificate_bears_no_mark(chained: Database) -> None:
    """This failure mode means that who can write the table can also write the record that makes it right."""
    own(chained, "UPDATE certificate SET holder_name = 'ORANG LAIN'")
    with chained.unit_of_work() as session:
        certificate = session.scalars(select(Certificate)).one()
        digest = _digest_of(chained, certificate)
        session.execute(
            text(
                "INSERT INTO chain_record (register, record_id, subject, digest, at, mark)"
                " SELECT register, record_id, subject, :digest, at, mark FROM chain_record WHERE position = 1"
            ),
            {"digest": digest},
        )
    chain(chained, LATER)
    (found,) = verify(chained)
    assert (found.wrong, found.subject) == (Wrong.ADDED, "certificates/contoh 1")


def test_a_certificate_put_back_as_it_was_with_a_copy_of_its_record_is_named(chained: Database) -> None:
    """This failure mode means: a withdrawn certificate lives again, and its old record vouches."""
    with chained.unit_of_work() as session:
        session.scalars(select(Certificate)).one().state = State.WITHDRAWN
    chain(chained, LATER)
    assert verify(chained) == []
    own(
        chained,
        "UPDATE certificate SET state = 'valid'",
        "INSERT INTO chain_record (register, record_id, subject, digest, at, mark)"
        " SELECT register, record_id, subject, digest, at, mark FROM chain_record WHERE position = 1",
    )
    chain(chained, LATER)
    (found,) = verify(chained)
    assert (found.wrong, found.subject) == (Wrong.ADDED, "certificates/contoh 1")


def _digest_of(database: Database, certificate: Certificate) -> str:
    with database.reading() as session:
        return read_register(session, CERTIFICATES, [certificate.id])[certificate.id][0]


def suspend(database: Database) -> None:
    """What the service itself does to every certificate."""
    with database.unit_of_work() as session:
        for certificate in session.scalars(select(Certificate)):
            certificate.state = State.SUSPENDED
    chain(database, LATER)


def test_a_row_altered_before_the_service_changed_it_stays_named(chained: Database) -> None:
    """This failure mode means: somebody alters a certificate, and the next suspension records it as the service's."""
    own(chained, "UPDATE certificate SET holder_name = 'ORANG LAIN'")
    suspend(chained)
    (found,) = verify(chained)
    assert (found.wrong, found.place) == (Wrong.ALTERED, "certificates/contoh 1")
    assert "when the service changed it" in found.words


def test_a_row_slipped_in_before_the_service_changed_it_stays_named(chained: Database) -> None:
    with chained.engine.execution_options(kompeten_writing=True).begin() as connection:
        row = dict(connection.execute(select(REGISTER)).mappings().one())
        own = {"serial": 9, "number": "contoh 9", "registration_number": "contoh 9"}
        other = row["id"].__class__(int=row["id"].int ^ 1)
        connection.execute(insert(REGISTER).values({**row, **own, "id": other}))
    suspend(chained)
    assert places(verify(chained)) == [("added", "certificates/contoh 9")]


def test_what_the_service_changes_again_and_again_is_no_finding(chained: Database) -> None:
    suspend(chained)
    with chained.unit_of_work() as session:
        certificate = session.scalars(select(Certificate)).one()
        certificate.state = State.VALID
        session.flush()
        certificate.holder_name = "NAMA BARU"
        session.flush()
        certificate.units = ["a", "b"]
    issue(chained, 2)
    suspend(chained)
    assert verify(chained) == []


def test_who_has_the_register_taken_in_once_more_makes_no_alteration_right(chained: Database) -> None:
    """This failure mode means: the record that all is taken in is put away for a moment, and back, and in between the
    service records whatever stands in the register as from before."""
    suspend(chained)
    own(
        chained,
        "CREATE TABLE put_away AS SELECT * FROM chain_record WHERE subject = 'certificates/all'",
        "DELETE FROM chain_record WHERE subject = 'certificates/all'",
        "UPDATE chain_state SET taken_in = '{}'",
        "UPDATE certificate SET holder_name = 'ORANG LAIN'",
    )
    chain(chained, LATER)
    own(chained, "INSERT INTO chain_record SELECT * FROM put_away")
    assert places(verify(chained)) == [("altered", "certificates/contoh 1")]
