"""Acts on certificates at the same moment, on a real PostgreSQL: whoever comes second sees what the first has done."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from kompeten.schema import migrate_database
from services.certificate.bulk import jobs as batch_work
from services.certificate.bulk.commands import batches as bulk
from services.certificate.bulk.domain import BatchKind, BatchState, ItemState
from services.certificate.bulk.lists import ListedLine
from services.certificate.bulk.models import Batch, BatchItem
from services.certificate.commands.life import Suspend, suspend_certificate, withdraw_certificate
from services.certificate.commands.revising import Reduce, Reissue, abandon_version, reduce_scope, reissue_certificate
from services.certificate.domain.states import State
from services.certificate.domain.versions import VersionState
from services.certificate.making import jobs
from services.certificate.making.commands.issuing import Stored, confirm_version
from services.certificate.models import Certificate, Change, Version
from shared import clock
from shared.database.unit import Database
from shared.errors import Conflict
from tests.servers.fixtures import FreshDatabase
from tests.unit.certificate.scene import CHAIR, REASON, SCHEME, Candidate, issued, types_told

TURNS = 12
Step = Callable[[Session], object]


@pytest.fixture
def database(postgres_url: FreshDatabase) -> Iterator[Database]:
    database = Database("certificate", postgres_url())
    migrate_database(database)
    yield database
    database.close()


def certificates(database: Database, count: int) -> list[UUID]:
    with database.unit_of_work() as session:
        return [issued(session, Candidate(f"CALON {n} CONTOH")).id for n in range(count)]


def at_once(database: Database, *steps: Step) -> list[BaseException | None]:
    """Each step in a transaction of its own, all at the same moment; what each raised."""

    def take(step: Step) -> None:
        with database.unit_of_work() as session:
            step(session)

    with ThreadPoolExecutor(len(steps)) as together:
        return [outcome.exception() for outcome in [together.submit(take, step) for step in steps]]


def step(act: Callable[..., object], certificate_id: UUID, *given: object) -> Step:
    """The chair's `act` on a certificate."""
    return lambda session: act(session, CHAIR, certificate_id, *given)


def read(database: Database, certificate_id: UUID) -> Certificate:
    with database.reading() as session:
        load = (selectinload(Certificate.versions), selectinload(Certificate.changes))
        return session.get_one(Certificate, certificate_id, options=load)


def correction(name: str) -> Reissue:
    return Reissue(reason=REASON.reason, holder_name=name)


def confirm(database: Database, version_id: UUID) -> None:
    """As the job does it, once the file is stored."""
    stored = {version_id: Stored("certificates/x.pdf", "ef" * 32, 1000)}
    in_the_making = select(Version).where(Version.state == VersionState.MAKING)
    with database.unit_of_work() as session:
        jobs._hold_certificates(session, stored)
        for version in session.scalars(jobs._with_certificate(in_the_making, stored)):
            confirm_version(session, version, stored[version.id])


def test_suspended_and_withdrawn_at_once_it_ends_withdrawn_or_the_suspension_is_refused(database: Database) -> None:
    limit = Suspend(reason=REASON.reason, until=clock.today() + timedelta(days=30))
    for one in certificates(database, TURNS):
        failed = at_once(
            database,
            step(suspend_certificate, one, limit),
            step(withdraw_certificate, one, REASON),
        )
        assert failed[1] is None
        assert failed[0] is None or isinstance(failed[0], Conflict)
        after = read(database, one)
        assert (after.state, after.suspended_until) == (State.WITHDRAWN, None)
        assert [change.act.value for change in after.changes][-1] == "withdraw"


def test_two_corrections_at_once_are_one(database: Database) -> None:
    for one in certificates(database, TURNS):
        failed = at_once(
            database,
            step(reissue_certificate, one, correction("SATU CONTOH")),
            step(reissue_certificate, one, correction("DUA CONTOH")),
        )
        assert sorted(type(error).__name__ for error in failed) == ["Conflict", "NoneType"]
        assert [version.version for version in read(database, one).versions] == [1, 2]


@pytest.mark.parametrize("end", ["withdraw", "abandon", "suspend"])
def test_a_version_confirmed_while_the_chair_acts_is_in_force_or_nobody_ever_hears_of_it(
    database: Database, end: str
) -> None:
    limit = Suspend(reason=REASON.reason, until=clock.today() + timedelta(days=30))
    acts: dict[str, Callable[[UUID], Step]] = {
        "withdraw": lambda one: step(withdraw_certificate, one, REASON),
        "abandon": lambda one: step(abandon_version, one, REASON),
        "suspend": lambda one: step(suspend_certificate, one, limit),
    }
    in_force = 0
    for one in certificates(database, TURNS):
        with database.unit_of_work() as session:
            version = reissue_certificate(session, CHAIR, one, correction("SATU CONTOH")).id
        with ThreadPoolExecutor(2) as together:
            made = together.submit(confirm, database, version)
            acted = together.submit(at_once, database, acts[end](one))
        assert made.exception() is None
        (failed,) = acted.result()
        after = read(database, one)
        new = after.versions[1]
        in_force += after.current_version == 2
        assert (after.current_version, after.holder_name == "SATU CONTOH") in ((1, False), (2, True))
        assert new.state is (VersionState.CURRENT if after.current_version == 2 else VersionState.VOIDED)
        if end == "abandon":
            assert (failed is None) is (after.current_version == 1)
        else:
            assert failed is None
            assert after.state is (State.WITHDRAWN if end == "withdraw" else State.SUSPENDED)
    with database.reading() as session:
        assert types_told(session).count("certificate.certificate_reissued") == in_force


def test_withdrawn_by_two_workers_of_one_batch_each_line_is_done_once(database: Database) -> None:
    ids = certificates(database, 40)
    with database.unit_of_work() as session:
        numbers = session.scalars(select(Certificate.number).where(Certificate.id.in_(ids))).all()
        terms = bulk.ListTerms(kind=BatchKind.WITHDRAW, reason=REASON.reason)
        lines = [ListedLine(at, number) for at, number in enumerate(numbers, start=1)]
        batch = bulk.prepare_list_batch(session, CHAIR, terms, lines).id
    with database.unit_of_work() as session:
        bulk.start_batch(session, CHAIR, batch)
    payload = {"batch_id": str(batch), "run": 1, "chunk": 0}
    with ThreadPoolExecutor(3) as workers:
        for outcome in [workers.submit(batch_work.do_batch_lines, database, payload) for _ in range(3)]:
            outcome.result()
    with database.reading() as session:
        assert set(session.scalars(select(BatchItem.state))) == {ItemState.DONE}
        assert session.get_one(Batch, batch).state is BatchState.FINISHED
        assert len(session.scalars(select(Change).where(Change.act == "withdraw")).all()) == 40
        assert types_told(session).count("certificate.certificate_withdrawn") == 40


def test_started_by_two_at_once_it_runs_once(database: Database) -> None:
    certificates(database, 1)
    with database.unit_of_work() as session:
        number = session.scalars(select(Certificate.number)).one()
        terms = bulk.ListTerms(kind=BatchKind.WITHDRAW, reason=REASON.reason)
        batch = bulk.prepare_list_batch(session, CHAIR, terms, [ListedLine(1, number)]).id
    failed = at_once(database, *[step(bulk.start_batch, batch)] * 3)
    assert sorted(type(error).__name__ for error in failed) == ["Conflict", "Conflict", "NoneType"]
    with database.reading() as session:
        assert session.get_one(Batch, batch).run == 1


def test_reduced_and_corrected_in_turn_the_register_keeps_every_version(database: Database) -> None:
    (one,) = certificates(database, 1)
    for turn in range(1, len(SCHEME.codes)):
        with database.unit_of_work() as session:
            fewer = Reduce(reason=REASON.reason, units=list(SCHEME.codes[turn:]))
            version = reduce_scope(session, CHAIR, one, fewer).id
        confirm(database, version)
        with database.unit_of_work() as session:
            version = reissue_certificate(session, CHAIR, one, correction(f"NAMA {'SATU ' * turn}CONTOH")).id
        confirm(database, version)
    after = read(database, one)
    assert after.units == list(SCHEME.codes[-1:])
    assert [version.state for version in after.versions[:-1]] == [VersionState.SUPERSEDED] * (len(after.versions) - 1)
    assert len({version.check_token for version in after.versions}) == len(after.versions)
