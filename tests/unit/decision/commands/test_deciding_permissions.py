"""Nobody but the named chair, or the deputy in the chair's place, decides (R2, R13)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from services.decision.domain.workflow import CaseState
from shared.contracts.decision import CertificationDecided
from shared.errors import Forbidden
from shared.security.actor import Actor
from shared.security.roles import OFFICERS, Role
from tests.unit.decision.scene import (
    CHAIR,
    EVERYBODY,
    PEOPLE,
    Scene,
    told,
)


@pytest.mark.parametrize("who", [actor for actor in EVERYBODY if actor is not CHAIR], ids=lambda actor: actor.name)
def test_only_the_chair_decides(scene: Scene, who: Actor) -> None:
    case_id = scene.case()
    meeting_id = scene.discussed(case_id)
    with pytest.raises(Forbidden):
        scene.decide(meeting_id, case_id, by=who)
    assert scene.state(case_id) is CaseState.DISCUSSED
    assert told(scene.database, CertificationDecided) == []


def test_all_roles_together_decide_nothing_without_being_named(scene: Scene) -> None:
    case_id = scene.case()
    meeting_id = scene.discussed(case_id)
    everything = Actor(PEOPLE, "Semua peran (contoh)", "semua@contoh.test", frozenset(Role))
    with pytest.raises(Forbidden):
        scene.decide(meeting_id, case_id, by=everything)


def test_an_assessor_who_is_the_chair_does_not_decide_the_own_case(scene: Scene) -> None:
    both = Actor(CHAIR.id, CHAIR.name, CHAIR.email, frozenset({*OFFICERS, Role.ASSESSOR}))
    case_id = scene.case(assessor_id=CHAIR.id)
    meeting_id = scene.call(case_id)
    scene.open(meeting_id)
    with pytest.raises(Forbidden) as refusal:
        scene.decide(meeting_id, case_id, by=both)
    assert refusal.value.code == "recused"


def test_a_chair_whose_term_ended_decides_no_longer(scene: Scene, later: Callable[[timedelta], None]) -> None:
    case_id = scene.case()
    meeting_id = scene.discussed(case_id)
    scene.confirm(scene.propose_end(Role.CHAIR))
    later(timedelta(days=1))
    with pytest.raises(Forbidden) as refusal:
        scene.decide(meeting_id, case_id)
    assert refusal.value.code == "not-named-officer"
