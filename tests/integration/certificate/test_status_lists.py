"""A status list over a full register, on a real PostgreSQL: asked for by every verifier, so never slow."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, text

from kompeten.schema import migrate_database
from services.certificate.checking.queries.credentials import list_set_places
from shared.credentials.statuslist import Purpose, place_of_version
from shared.database.unit import Database
from tests.servers.fixtures import FreshDatabase

CERTIFICATES = 100_000
ROWS_A_FIND = 3
"""Rows looked at for each that is found: its certificate, its version and the way there."""
ORDER = UUID(int=1)

FILL = (
    """INSERT INTO certificate_order (id, version, sequence, created_at, updated_at, state, holder_id, holder_name,
         scheme_id, scheme_version, scheme_title, recommended, agreed_version, decided_by_name, acting_for_chair,
         decree_number, file_hash, judgements, photo_key, photo_sha256, photo_sequence)
       VALUES (:order, 1, 1, now(), now(), 'fulfilled', :order, 'CONTOH', 's', '1', 't', true, '', '', false, '', '',
         '{}', '', '', 0)""",
    """INSERT INTO certificate (id, version, sequence, created_at, updated_at, application_id, holder_id, holder_name,
         serial, number, registration_number, scheme_id, scheme_version, scheme_title, units, issuer, issued_on,
         expires_on, state, state_since, numbered_at, current_version)
       SELECT lpad(to_hex(n), 32, '0')::uuid, 1, 1, now(), now(), :order, :order, 'CONTOH', n, 'n' || n, 'r' || n, 's',
         '1', 't', '[]', 'LSP', current_date, current_date + 1000,
         CASE WHEN n % 20 = 0 THEN 'withdrawn' WHEN n % 50 = 1 THEN 'suspended' WHEN n % 7 = 0 THEN 'expired'
           ELSE 'valid' END, now(), now(), 1
       FROM generate_series(1, :count) n""",
    """INSERT INTO certificate_version (id, certificate_id, version, cause, reason, ordered_by, state, state_since,
         holder_name, units, check_token, check_url, template, printed, photo_key, status_index, made_at, object_key,
         sha256, size, credential, signed_with)
       SELECT gen_random_uuid(), lpad(to_hex(n), 32, '0')::uuid, 1, 'first', '', '',
         CASE WHEN n % 1000 = 3 THEN 'superseded' ELSE 'current' END, now(), 'CONTOH', '[]', 't' || n, 'u', 'c-1',
         jsonb_build_object('x', repeat('x', 1500)), '', n, now(), 'k' || n, 's' || n, 1, repeat('c', 3400), 'k'
       FROM generate_series(1, :count) n""",
)


@pytest.fixture(scope="module")
def database(postgres_url: FreshDatabase) -> Iterator[Database]:
    database = Database("certificate", postgres_url())
    migrate_database(database)
    with database.unit_of_work() as session:
        for statement in FILL:
            session.execute(text(statement), {"order": ORDER, "count": CERTIFICATES})
    with database.unit_of_work() as session:
        session.execute(text("ANALYZE"))
    yield database
    database.close()


def rows_looked_at(node: dict[str, Any]) -> int:
    """The rows PostgreSQL read in this node of a plan and those below it, found or passed over."""
    below = sum(rows_looked_at(part) for part in node.get("Plans", []))
    if "Scan" not in node["Node Type"]:
        return below
    rows = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
    return below + round(float(rows * node["Actual Loops"]))


@pytest.mark.parametrize(
    ("purpose", "expected"),
    [
        (Purpose.REVOCATION, {n for n in range(1, CERTIFICATES + 1) if n % 20 == 0 or n % 1000 == 3}),
        (Purpose.SUSPENSION, {n for n in range(1, CERTIFICATES + 1) if n % 20 and n % 50 == 1}),
    ],
)
def test_a_list_over_a_hundred_thousand_is_found_at_once(
    database: Database, purpose: Purpose, expected: set[int]
) -> None:
    """Expired ones are in neither: their dates tell. The work grows with what is found, not with the register."""
    asked: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        asked.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    with database.reading() as session:
        places = list_set_places(session, 0, purpose)
    event.remove(database.engine, "before_cursor_execute", note)
    assert sorted(places) == sorted(place_of_version(index)[1] for index in expected)
    ((statement, parameters),) = asked
    with database.engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters).scalar_one()
    assert rows_looked_at(plan[0]["Plan"]) <= ROWS_A_FIND * len(expected)
