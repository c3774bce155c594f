"""R1: an officer who keeps out of a case reads neither what the assessor found nor what was noted in its acts."""

import pytest

from services.assessment.queries import cases
from shared import clock
from shared.contracts.involvement import DecisionPeopleInvolved
from shared.contracts.words import Involvement
from shared.security.actor import Actor
from shared.security.roles import Role
from tests.unit.assessment.scene import Scene, person

QUALITY = person("Pengendali Mutu Contoh", Role.HEAD_OF_QUALITY_CONTROL)


def tell_part(scene: Scene, actor: Actor, part: Involvement) -> None:
    scene.hear(
        DecisionPeopleInvolved(
            application_id=scene.application_id,
            applicant_id=scene.candidate.id,
            people=[actor.id],
            part=part,
            since=clock.now(),
        )
    )


def findings(scene: Scene, actor: Actor) -> list[object]:
    """What this person reads of the findings, in the case and in its history."""
    record = cases.view_case(scene.session, actor, scene.case_id).record
    assert record is not None
    lines = cases.list_case_history(scene.session, actor, scene.case_id)
    return [*record.recommended, *record.judgements, *(line.after for line in lines if line.after)]


@pytest.mark.parametrize("part", [Involvement.TIED, Involvement.TRAINED, Involvement.VERIFIED])
def test_who_keeps_out_reads_no_findings(scene: Scene, part: Involvement) -> None:
    scene.to_ready()
    scene.judge()
    scene.recommend()
    assert findings(scene, QUALITY)
    tell_part(scene, QUALITY, part)
    assert findings(scene, QUALITY) == []
    assert findings(scene, scene.head)


def test_staff_who_take_no_part_in_deciding_read_on(scene: Scene) -> None:
    """The verifier belongs to the secretariat, which runs the case."""
    scene.to_ready()
    scene.judge()
    scene.recommend()
    tell_part(scene, scene.verifier, Involvement.VERIFIED)
    assert findings(scene, scene.verifier)
