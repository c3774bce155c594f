"""Rows that an act is about: found for who may act on them, refused to everybody else."""

from uuid import uuid4

import pytest

from services.assessment.commands import loading
from services.assessment.commands.inputs import Reason
from services.assessment.commands.sittings import cancel_sitting
from shared.errors import Conflict, NotFound
from tests.unit.assessment.scene import Scene


def test_a_case_is_found_by_who_runs_the_stage_and_not_by_its_own_candidate(scene: Scene) -> None:
    assert loading.load_case_to_run(scene.session, scene.secretary, scene.case_id) is scene.case
    with pytest.raises(Conflict) as refusal:
        loading.load_case_to_run(scene.session, scene.candidate, scene.case_id)
    assert refusal.value.code == "own-case"


def test_somebody_elses_case_is_refused_as_one_that_does_not_exist(scene: Scene) -> None:
    scene.to_agreement()
    assert loading.load_case_of_assessor(scene.session, scene.assessor, scene.case_id) is scene.case
    assert loading.load_case_of_candidate(scene.session, scene.candidate, scene.case_id) is scene.case
    refusals = []
    for find, actor, case_id in (
        (loading.load_case_of_assessor, scene.other, scene.case_id),
        (loading.load_case_of_assessor, scene.assessor, uuid4()),
        (loading.load_case_of_candidate, scene.assessor, scene.case_id),
        (loading.load_case_to_run, scene.secretary, uuid4()),
    ):
        with pytest.raises(NotFound) as refusal:
            find(scene.session, actor, case_id)
        refusals.append((refusal.value.code, str(refusal.value.message)))
    assert len(set(refusals)) == 1


def test_a_sitting_that_was_called_off_takes_nobody(scene: Scene) -> None:
    sitting = scene.sitting()
    cancel_sitting(scene.session, scene.secretary, sitting.id, Reason(reason="Gedung ditutup (contoh)"))
    with pytest.raises(Conflict) as refusal:
        loading.load_planned_sitting(scene.session, sitting.id)
    assert refusal.value.code == "sitting-cancelled"
    with pytest.raises(NotFound):
        loading.load_planned_sitting(scene.session, uuid4())
