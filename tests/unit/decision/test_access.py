"""Who runs meetings and names panels: a role is not enough, the officer is named for today (R13)."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from services.decision import access
from shared.errors import Forbidden
from shared.security.actor import Actor
from shared.security.roles import Role
from tests.unit.decision.scene import ASSESSOR, CHAIR, DEPUTY, FIVE, QUALITY, SECRETARY, Scene, person

Asked = Callable[[Session, Actor], bool]
Required = Callable[[Session, Actor], None]


def may(scene: Scene, actor: Actor, shown: Asked, required: Required) -> bool:
    """Whether the actor may; what is shown to somebody and what is refused agree."""
    with scene.database.reading() as session:
        if shown(session, actor):
            required(session, actor)
            return True
        with pytest.raises(Forbidden) as refusal:
            required(session, actor)
        assert refusal.value.code == "not-named-officer"
        return False


def may_manage(scene: Scene, actor: Actor) -> bool:
    return may(scene, actor, access.is_manager_today, access.require_manager)


def may_name(scene: Scene, actor: Actor) -> bool:
    return may(scene, actor, access.is_panel_namer_today, access.require_panel_namer)


def test_the_secretariat_and_two_officers_run_meetings(scene: Scene) -> None:
    assert [actor for actor in (*FIVE.values(), SECRETARY, ASSESSOR) if may_manage(scene, actor)] == [
        CHAIR,
        DEPUTY,
        SECRETARY,
    ]


def test_chair_and_quality_control_name_panels(scene: Scene) -> None:
    assert [actor for actor in (*FIVE.values(), SECRETARY, ASSESSOR) if may_name(scene, actor)] == [CHAIR, QUALITY]


@pytest.mark.parametrize("role", [Role.CHAIR, Role.HEAD_OF_CERTIFICATION])
def test_the_role_without_the_appointment_runs_nothing(scene: Scene, role: Role) -> None:
    assert not may_manage(scene, person("Bekas pejabat", role))
