"""A BK decision nobody appealed against in time is final (process 2.10)."""

from collections.abc import Callable
from datetime import timedelta

from services.decision.domain.workflow import CaseState
from services.decision.timers import close_lapsed
from shared.contracts.decision import CaseClosed
from tests.unit.decision.scene import BK, UNITS, K, Scene, told


def test_a_bk_case_is_closed_when_the_time_limit_has_passed(scene: Scene, later: Callable[[timedelta], None]) -> None:
    lapsed, competent = scene.decided({UNITS[0]: BK}), scene.decided({UNITS[0]: K})
    close_lapsed(scene.database)
    assert scene.state(lapsed) is CaseState.DECIDED_BK
    later(timedelta(days=15))
    close_lapsed(scene.database)
    assert scene.state(lapsed) is CaseState.DECIDED_BK  # a re-assessment can still be asked for
    later(timedelta(days=370))
    close_lapsed(scene.database)
    close_lapsed(scene.database)
    assert scene.state(lapsed) is CaseState.CLOSED
    assert scene.state(competent) is CaseState.DECIDED_K
    assert [(fact.application_id, fact.reason) for fact in told(scene.database, CaseClosed)] == [(lapsed, "lapsed")]


def test_an_appealed_case_does_not_lapse(scene: Scene, later: Callable[[timedelta], None]) -> None:
    case_id = scene.decided({UNITS[0]: BK})
    scene.appeal(case_id, [UNITS[0]])
    later(timedelta(days=60))
    close_lapsed(scene.database)
    assert scene.state(case_id) is CaseState.APPEALED
