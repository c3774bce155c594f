"""A status list over a full register, on a real PostgreSQL: asked for by every verifier, so never slow."""

import time
from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import text

from kompeten.schema import migrate_database
from services.certificate.queries.credentials import set_places
from shared.credentials.statuslist import Purpose, place_of_version
from shared.database.unit import Database
from tests.servers.fixtures import FreshDatabase

CERTIFICATES = 100_000
SECONDS = 0.05
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
    """Expired ones are in neither: their dates tell."""
    taken = []
    for _ in range(5):
        began = time.perf_counter()
        with database.reading() as session:
            places = set_places(session, 0, purpose)
        taken.append(time.perf_counter() - began)
    assert sorted(places) == sorted(place_of_version(index)[1] for index in expected)
    assert min(taken) < SECONDS
