from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from services.registration.commands import trial
from shared import clock
from shared.errors import Forbidden, Invalid
from shared.security.roles import Role
from shared.settings import settings
from tests.unit.registration.files import actor
from tests.unit.registration.people import noted, told

ADMIN = actor(Role.ADMINISTRATOR)


@pytest.fixture(autouse=True)
def _clock_put_back() -> Iterator[None]:
    yield
    clock.set_ahead(0)


@pytest.fixture
def _trial(monkeypatch: pytest.MonkeyPatch, session: Session) -> None:
    monkeypatch.setenv("KOMPETEN_TRIAL", "true")
    settings.cache_clear()


@pytest.mark.usefixtures("_trial")
def test_on_a_trial_system_the_clock_moves_and_everybody_is_told(session: Session) -> None:
    before = clock.today()
    trial.move_trial_clock(session, ADMIN, 366 * 86400)
    trial.move_trial_clock(session, ADMIN, 400 * 86400)
    assert (clock.today() - before).days in (400, 401)
    assert [fact["offset_seconds"] for fact in told(session, "clock_moved")] == [366 * 86400, 400 * 86400]
    assert [action for action, _, _ in noted(session)] == ["trial:move-clock"] * 2


def test_on_any_other_system_it_does_not(session: Session) -> None:
    with pytest.raises(Forbidden):
        trial.move_trial_clock(session, ADMIN, 86400)
    assert clock.seconds_ahead() == 0
    assert told(session, "clock_moved") == []


@pytest.mark.usefixtures("_trial")
@pytest.mark.parametrize("seconds", [-1, trial.FURTHEST + 1])
def test_it_moves_ahead_only_and_not_without_end(session: Session, seconds: int) -> None:
    with pytest.raises(Invalid):
        trial.move_trial_clock(session, ADMIN, seconds)
