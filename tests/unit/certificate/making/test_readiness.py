"""Whatever is unfit is found before a number is used; once it is mended, all that waited is issued."""

import resource
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from services.certificate import body_settings
from services.certificate.domain.states import OrderState, State
from services.certificate.jobs import jobs as certificate_jobs
from services.certificate.making import readiness
from services.certificate.making.readiness import NotReady
from services.certificate.models import Base, Certificate, Counter, Order
from services.certificate.trust.models import SigningKey
from shared import clock
from shared.database.unit import Database
from shared.messaging.models import JobRow, JobState
from tests.unit.certificate.scene import Candidate, cleared
from tests.unit.certificate.trust.keys import Keys, restart
from tests.unit.certificate.trust.scene import issue_many

Spoil = Callable[[], Callable[[], object]]
"""Breaks something, and gives what mends it."""


@pytest.fixture
def waiting(database: Database, keys: Keys) -> Iterator[Database]:
    """Two orders that wait for their numbers."""
    with database.unit_of_work() as session:
        for name in ("SITI CONTOH", "BUDI CONTOH"):
            cleared(session, Candidate(name))
    yield database
    clock.set_ahead(0)


def used(database: Database) -> int:
    """How many numbers were used, by any counter."""
    with database.reading() as session:
        return session.scalar(select(func.coalesce(func.sum(Counter.value), 0))) or 0


def states(database: Database) -> tuple[set[OrderState], set[State]]:
    with database.reading() as session:
        return set(session.scalars(select(Order.state))), set(session.scalars(select(Certificate.state)))


def due_now(database: Database) -> None:
    """As if the pause of all that waits were over."""
    with database.unit_of_work() as session:
        session.execute(update(JobRow).values(next_try_at=clock.real_now() - timedelta(seconds=1)))


@pytest.fixture
def expired(keys: Keys) -> Spoil:
    def spoil() -> Callable[[], object]:
        keys.install(days=(-20, -1))
        return keys.install

    return spoil


@pytest.fixture
def ends_today(keys: Keys, on_day: Callable[..., None]) -> Spoil:
    """Valid now, but not until the day is over."""

    def spoil() -> Callable[[], object]:
        midnight = (clock.now() + timedelta(days=2)).astimezone(clock.JAKARTA).replace(hour=10, minute=0)
        clock.set_ahead(int((midnight - clock.real_now()).total_seconds()))
        keys.install(days=(-1, 2))
        return lambda: keys.install(days=(-1, 40))

    return spoil


@pytest.fixture
def not_yet(keys: Keys) -> Spoil:
    def spoil() -> Callable[[], object]:
        keys.install(days=(1, 30))
        return keys.install

    return spoil


@pytest.fixture
def no_key(keys: Keys) -> Spoil:
    def spoil() -> Callable[[], object]:
        (keys.folder / "signing-key.pem").unlink()
        restart()
        return keys.install

    return spoil


@pytest.fixture
def no_credential_key(keys: Keys) -> Spoil:
    def spoil() -> Callable[[], object]:
        (keys.folder / "credential-key.pem").write_text("bukan kunci")
        restart()
        return keys.install

    return spoil


@pytest.fixture
def store_away(store: Path) -> Spoil:
    def spoil() -> Callable[[], object]:
        store.write_text("a file where the folder should be")
        return store.unlink

    return spoil


@pytest.fixture
def store_full(keys: Keys) -> Iterator[Spoil]:
    """No file may grow in this process: what a full disk is to a writer."""
    limit, most = resource.getrlimit(resource.RLIMIT_FSIZE)

    def mend() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, most))

    def spoil() -> Callable[[], object]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, most))
        return mend

    yield spoil
    mend()


@pytest.fixture
def clock_behind(database: Database) -> Spoil:
    """The machine's clock was set back after numbers were given."""

    def spoil() -> Callable[[], object]:
        issue_many(database, 1)
        with database.unit_of_work() as session:
            session.execute(
                update(Base.metadata.tables["certificate"]).values(numbered_at=clock.now() + timedelta(hours=3))
            )

        def mend() -> None:
            with database.unit_of_work() as session:
                session.execute(update(Base.metadata.tables["certificate"]).values(numbered_at=clock.now()))

        return mend

    return spoil


@pytest.fixture
def clock_apart(monkeypatch: pytest.MonkeyPatch) -> Spoil:
    """This machine's clock is an hour off the database's."""

    def spoil() -> Callable[[], object]:
        off, right = pytest.MonkeyPatch(), clock.real_now
        off.setattr(clock, "real_now", lambda: right() - timedelta(hours=1))
        return off.undo

    return spoil


@pytest.fixture
def broken_layout(tmp_path: Path) -> Spoil:
    def spoil() -> Callable[[], object]:
        broken = tmp_path / "certificate-9.typ"
        broken.write_text("#let x = (\n")
        other = pytest.MonkeyPatch()
        other.setattr(readiness, "find_template", lambda _: broken)
        return other.undo

    return spoil


@pytest.mark.parametrize(
    ("what", "code", "said"),
    [
        ("expired", "signing-key", "was valid until"),
        ("ends_today", "signing-key", "was valid until"),
        ("not_yet", "signing-key", "is valid from"),
        ("no_key", "signing-key", "cannot be read"),
        ("no_credential_key", "credential-key", "cannot be read"),
        ("store_away", "store", "Not a directory"),
        ("store_full", "store", "File too large"),
        ("clock_behind", "clock", "the last number was given"),
        ("clock_apart", "clock", "away from the database's"),
        ("broken_layout", "template", "cannot be set"),
    ],
)
def test_what_is_unfit_is_refused_before_a_number_is_used_and_issued_when_it_is_mended(
    request: pytest.FixtureRequest, waiting: Database, what: str, code: str, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    spoil: Spoil = request.getfixturevalue(what)
    mend = spoil()
    before = used(waiting)
    with pytest.raises(NotReady, match=said) as refused:
        readiness.require_readiness(waiting)
    assert [problem.code for problem in refused.value.problems] == [code]
    assert all("operator" in problem.advice for problem in refused.value.problems)
    for _ in range(2):
        certificate_jobs.run_due(waiting)
    assert used(waiting) == before, "no number was used"
    assert OrderState.CLEARED in states(waiting)[0]
    assert said in caplog.text
    mend()
    due_now(waiting)
    certificate_jobs.run_due(waiting)
    assert states(waiting) == ({OrderState.FULFILLED}, {State.VALID})


def test_on_a_trial_the_clock_may_be_moved_back(
    waiting: Database, clock_behind: Spoil, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock_behind()
    monkeypatch.setenv("KOMPETEN_TRIAL", "true")
    restart()
    assert readiness.find_problems(waiting) == []


def test_however_long_it_lasts_nothing_that_waits_is_given_up(waiting: Database, store_away: Spoil) -> None:
    mend = store_away()
    for _ in range(20):
        due_now(waiting)
        certificate_jobs.run_due(waiting)
    with waiting.reading() as session:
        assert set(session.scalars(select(JobRow.state))) == {JobState.WAITING}
    mend()
    due_now(waiting)
    certificate_jobs.run_due(waiting)
    assert states(waiting) == ({OrderState.FULFILLED}, {State.VALID})


def test_all_that_is_unfit_is_told_at_once(waiting: Database, keys: Keys, store_away: Spoil) -> None:
    keys.install(days=(-20, -1))
    store_away()
    assert [problem.code for problem in readiness.find_problems(waiting)] == ["signing-key", "store"]


def test_a_ready_system_has_nothing_to_say_and_notes_its_keys(waiting: Database, keys: Keys) -> None:
    assert readiness.find_problems(waiting) == []
    readiness.require_readiness(waiting)
    with waiting.reading() as session:
        assert {key.kind.value for key in session.scalars(select(SigningKey))} == {"document", "credential"}


def test_the_officers_hear_of_a_key_that_ends_soon(waiting: Database, keys: Keys) -> None:
    keys.install(days=(-1, 90))
    assert readiness.find_key_end(clock.now()) is None
    keys.install(days=(-1, 20))
    ends = readiness.find_key_end(clock.now())
    assert ends is not None
    assert timedelta(days=19) < ends - clock.now() <= timedelta(days=20)


def test_the_layout_of_today_is_a_layout() -> None:
    assert body_settings.find_template(body_settings.certification_body().template).is_file()
