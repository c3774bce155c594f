"""From the place of one certificate in the status lists nobody guesses that of another."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kompeten.schema import migrate_database
from services.certificate.checking.queries.credentials import list_set_places
from services.certificate.domain.states import State
from services.certificate.making.commands import status_places
from services.certificate.making.commands.status_places import USED, take_status_place
from services.certificate.models import Counter, Version
from services.certificate.trust.commands.comparing import compare_register_page
from services.certificate.trust.models import StoreCheck
from shared.credentials.statuslist import ENTRIES, Purpose, place_of_version
from shared.database.unit import Database
from shared.objectstore import object_store
from tests.servers.fixtures import FreshDatabase
from tests.unit.certificate.scene import Candidate, numbered
from tests.unit.certificate.trust.scene import issue_many

MANY = 600


def test_the_places_of_successive_certificates_show_no_order(session: Session) -> None:
    """This failure mode means that who has one certificate reads in the public lists what became of the next one."""
    bits = [place_of_version(take_status_place(session))[1] for _ in range(MANY)]
    steps = [(later - earlier) % ENTRIES for earlier, later in pairwise(bits)]
    assert len(set(bits)) == MANY
    assert len(set(steps)) > MANY * 0.9
    assert 0.4 < sum(later > earlier for earlier, later in pairwise(bits)) / MANY < 0.6
    near = sum(min(step, ENTRIES - step) < ENTRIES // 20 for step in steps)
    assert near < MANY * 0.2
    assert min(bits) < ENTRIES * 0.1
    assert max(bits) > ENTRIES * 0.9


def test_two_systems_with_the_same_history_draw_other_places(data_dir: object) -> None:
    drawn = []
    for _ in range(2):
        database = Database("certificate", "sqlite://")
        migrate_database(database)
        with database.unit_of_work() as session:
            drawn.append({take_status_place(session) for _ in range(50)})
        database.close()
    assert len(drawn[0] & drawn[1]) < 5


def test_two_certificates_of_one_person_cannot_be_joined_by_their_places(session: Session) -> None:
    first, second = (numbered(session, Candidate("SITI CONTOH")).current.status_index for _ in range(2))
    assert first != second
    assert {first // ENTRIES, second // ENTRIES} == {0}


def test_a_list_is_filled_to_its_half_and_then_the_next_is_begun(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status_places, "USED", 3)
    numbers = [take_status_place(session) // ENTRIES for _ in range(7)]
    assert numbers == [0, 0, 0, 1, 1, 1, 2]
    assert ENTRIES // 2 == USED


def test_a_place_that_is_used_is_drawn_again(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    used = numbered(session, Candidate()).current.status_index
    session.info.clear()
    draws = iter([used] * status_places.DRAWN_AT_ONCE + [7] * status_places.DRAWN_AT_ONCE)
    monkeypatch.setattr(secrets, "randbelow", lambda _: next(draws))
    assert take_status_place(session) == 7


def test_certificates_from_before_keep_their_places_and_new_ones_get_a_list_of_their_own(session: Session) -> None:
    old = numbered(session, Candidate())
    old.current.status_index = 17
    session.delete(session.get_one(Counter, status_places.COUNTER))
    session.flush()
    session.info.clear()
    assert numbered(session, Candidate("BARU CONTOH")).current.status_index // ENTRIES == 1
    old.state = State.WITHDRAWN
    session.flush()
    assert list_set_places(session, 0, Purpose.REVOCATION) == [place_of_version(17)[1]]
    assert list_set_places(session, 1, Purpose.REVOCATION) == []


def test_the_certificate_at_the_first_place_of_all_is_compared_too(database: Database, store: Path) -> None:
    issue_many(database, 1)
    with database.unit_of_work() as session:
        version = session.scalars(select(Version)).one()
        version.status_index = 0
        key = version.object_key
    (store / key).unlink()
    page = compare_register_page(database, object_store(), StoreCheck(full=False, position="", asked_by="contoh"))
    assert [found.key for found in page.found] == [key]


def test_two_replicas_at_once_never_draw_the_same_place(postgres_url: FreshDatabase, data_dir: object) -> None:
    """Of all that a few may draw from, so that they would meet."""
    database = Database("certificate", postgres_url())
    migrate_database(database)

    def number(turn: int) -> int:
        with database.unit_of_work() as session:
            return numbered(session, Candidate(f"CALON {turn} CONTOH")).current.status_index

    with ThreadPoolExecutor(6) as replicas, pytest.MonkeyPatch.context() as patched:
        patched.setattr(secrets, "randbelow", lambda _: uuid4().int % 64)
        drawn = list(replicas.map(number, range(24)))
    database.close()
    assert len(set(drawn)) == 24
