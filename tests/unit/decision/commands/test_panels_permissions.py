"""Who names a panel, who votes, who sees an appeal (R7, R10)."""

import pytest

from services.decision.queries import appeals
from shared.errors import Forbidden, NotFound
from shared.security.actor import Actor
from tests.unit.decision.scene import (
    ASSESSOR,
    AUDITOR,
    BK,
    CHAIR,
    EVERYBODY,
    FIVE,
    PANEL,
    QUALITY,
    UNITS,
    Scene,
)


@pytest.mark.parametrize(
    "who", [actor for actor in EVERYBODY if actor not in (CHAIR, QUALITY)], ids=lambda actor: actor.name
)
def test_only_chair_and_head_of_quality_control_name_a_panel(scene: Scene, who: Actor) -> None:
    appeal_id = scene.appeal(scene.decided({UNITS[0]: BK}), [UNITS[0]])
    with pytest.raises(Forbidden):
        scene.panel(appeal_id, by=who)


@pytest.mark.parametrize("who", [actor for actor in EVERYBODY if actor not in PANEL], ids=lambda actor: actor.name)
def test_only_the_panel_votes_and_concludes(scene: Scene, who: Actor) -> None:
    appeal_id = scene.appeal(scene.decided({UNITS[0]: BK}), [UNITS[0]])
    scene.panel(appeal_id)
    with pytest.raises(NotFound):
        scene.vote(appeal_id, who)
    with pytest.raises(NotFound):
        scene.conclude(appeal_id, by=who)


def test_the_appeal_is_seen_by_its_panel_the_officers_and_the_auditor_alone(scene: Scene) -> None:
    appeal_id = scene.appeal(scene.decided({UNITS[0]: BK}), [UNITS[0]])
    readers = {actor.id for actor in [*FIVE.values(), AUDITOR]}
    for named in (False, True):
        if named:
            scene.panel(appeal_id)
            readers |= {actor.id for actor in PANEL}
        for who in EVERYBODY:
            with scene.database.reading() as session:
                if who.id in readers:
                    assert appeals.view_appeal(session, who, appeal_id).id == appeal_id
                else:
                    with pytest.raises(NotFound):
                        appeals.view_appeal(session, who, appeal_id)


def test_the_assessor_of_the_case_never_finds_the_appeal(scene: Scene) -> None:
    appeal_id = scene.appeal(scene.decided({UNITS[0]: BK}), [UNITS[0]])
    scene.heard(appeal_id, upheld=True)
    with scene.database.reading() as session, pytest.raises(NotFound):
        appeals.view_appeal(session, ASSESSOR, appeal_id)
