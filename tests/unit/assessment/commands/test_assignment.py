"""Who is assigned, what is declared, how an assessor leaves a case (R3, R4, R5, R10, R25)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.assessment.commands import assignment
from services.assessment.commands.inputs import Reason
from services.assessment.domain.workflow import State
from services.assessment.models import StoredDeclaration
from services.assessment.queries import cases, registers
from shared import clock
from shared.contracts.involvement import DecisionPeopleInvolved
from shared.contracts.words import Involvement
from shared.errors import Conflict, Invalid, NotFound
from shared.security.roles import Role
from tests.unit.assessment.scene import CLEAR, Scene, account, person


def refused(scene: Scene, code: str, **other: Any) -> None:
    with pytest.raises(Conflict) as refusal:
        scene.assign(**other)
    assert refusal.value.code == code
    assert scene.case.state is State.AWAITING_ASSESSOR
    assert scene.told() == []


def test_the_verifier_of_the_file_does_not_assess_it(scene: Scene) -> None:
    refused(scene, "assessor-is-verifier", assessor=scene.verifier)


def test_an_assessor_does_not_assess_his_own_application(scene: Scene) -> None:
    scene.hear(account(scene.candidate, roles=["applicant", "assessor"]), 2)
    scene.register(scene.candidate, "MET.000.000009 contoh")
    refused(scene, "assessor-is-applicant", assessor=scene.candidate)


def test_the_registration_must_hold_on_the_planned_day(scene: Scene) -> None:
    refused(scene, "assessor-registration-expired", planned_on=clock.today() + timedelta(401))


def test_a_planned_day_gone_by_does_not_revive_a_registration(scene: Scene) -> None:
    late = person("Lewat Contoh", Role.ASSESSOR)
    scene.hear(account(late))
    scene.register(late, "MET.000.000008 contoh", valid_until=clock.today() - timedelta(1))
    refused(scene, "assessor-registration-expired", assessor=late, planned_on=clock.today() - timedelta(9))


def test_the_registration_must_cover_the_scheme(scene: Scene) -> None:
    other = person("Skema Contoh", Role.ASSESSOR)
    scene.hear(account(other))
    scene.register(other, "MET.000.000008 contoh", schemes=["promosi-perpustakaan"])
    refused(scene, "assessor-scheme", assessor=other)


def test_an_account_that_lost_the_role_is_not_assigned(scene: Scene) -> None:
    scene.hear(account(scene.assessor, roles=["applicant"]), 2)
    refused(scene, "assessor-inactive")


def test_somebody_not_in_the_register_is_not_assigned(scene: Scene) -> None:
    with pytest.raises(Invalid) as refusal:
        scene.assign(scene.secretary)
    assert "assessor_id" in refusal.value.fields


def test_nobody_runs_a_case_about_himself(scene: Scene) -> None:
    clerk = person("Pegawai Contoh", Role.SECRETARIAT, Role.APPLICANT)
    scene.case.applicant_id = clerk.id
    with pytest.raises(Conflict) as refusal:
        assignment.assign_assessor(
            scene.session, clerk, scene.case_id, assignment.Assign(assessor_id=scene.assessor.id)
        )
    assert refusal.value.code == "own-case"


def test_a_case_has_one_assessor_at_a_time(scene: Scene) -> None:
    scene.assign()
    with pytest.raises(Conflict) as refusal:
        scene.assign(scene.other)
    assert refusal.value.code == "case-state"


def test_the_assessor_sees_a_name_and_a_scheme_until_the_declaration(scene: Scene) -> None:
    scene.assign()
    bare = cases.view_case(scene.session, scene.assessor, scene.case_id)
    shown = {name for name, value in bare.model_dump().items() if value not in (None, [], "")}
    assert shown == {
        "id", "applicant_name", "scheme_id", "scheme_title", "state", "since", "assessor_id", "assessor_name", "acts"
    }  # fmt: skip
    scene.clear()
    full = cases.view_case(scene.session, scene.assessor, scene.case_id)
    assert full.file is not None
    assert full.units


@pytest.mark.parametrize("tie", ["family", "superior_or_subordinate", "same_work_unit", "trainer"])
def test_a_declared_tie_blocks_and_is_remembered(scene: Scene, tie: str) -> None:
    scene.assign()
    declared = CLEAR.model_copy(update={tie: True})
    assignment.declare_impartiality(scene.session, scene.assessor, scene.case_id, declared)
    assert scene.case.state is State.AWAITING_ASSESSOR
    assert [fact for fact, _ in scene.told()] == ["assessor_assigned", "assessor_blocked"]
    with pytest.raises(NotFound):
        cases.view_case(scene.session, scene.assessor, scene.case_id)
    with pytest.raises(Conflict) as refusal:
        scene.assign()
    assert refusal.value.code == "assessor-conflict"
    assert scene.assign(scene.other).state is State.ASSIGNED


def test_a_training_within_two_years_blocks_and_an_older_one_does_not(scene: Scene) -> None:
    scene.assign()
    old = CLEAR.model_copy(update={"trained_on": clock.today() - timedelta(800)})
    assert assignment.declare_impartiality(scene.session, scene.assessor, scene.case_id, old).state is State.CLEARED
    recent = CLEAR.model_copy(update={"trained_on": clock.today() - timedelta(300)})
    assert (
        assignment.declare_impartiality(scene.session, scene.assessor, scene.case_id, recent).state
        is State.AWAITING_ASSESSOR
    )


def test_a_declaration_is_kept_with_its_time(scene: Scene) -> None:
    scene.assign()
    scene.clear()
    [kept] = scene.session.query(StoredDeclaration)
    assert (kept.assessor_id, kept.applicant_id, kept.case_id) == (
        scene.assessor.id,
        scene.candidate.id,
        scene.case_id,
    )
    assert kept.declared_at <= clock.now()


def test_an_impartial_assessor_declares_once(scene: Scene) -> None:
    scene.assign()
    scene.clear()
    with pytest.raises(Conflict):
        scene.clear()


LATER: list[Callable[[Scene], Any]] = [
    lambda scene: None,
    lambda scene: scene.appoint(),
    lambda scene: (scene.appoint(), scene.propose()),
    lambda scene: (scene.appoint(), scene.propose(), scene.agree()),
    lambda scene: (scene.appoint(), scene.propose(), scene.agree(), scene.seat(scene.sitting())),
]


@pytest.mark.parametrize("go_on", LATER)
def test_a_conflict_found_late_blocks_until_the_day(scene: Scene, go_on: Callable[[Scene], Any]) -> None:
    scene.assign()
    scene.clear()
    go_on(scene)
    found = CLEAR.model_copy(update={"same_work_unit": True})
    case = assignment.declare_impartiality(scene.session, scene.assessor, scene.case_id, found)
    assert (case.state, case.assessor_id, case.sitting, case.consultation) == (
        State.AWAITING_ASSESSOR, None, None, None
    )  # fmt: skip


@pytest.mark.parametrize("go_on", LATER)
def test_an_assessor_is_released_and_another_begins_anew(scene: Scene, go_on: Callable[[Scene], Any]) -> None:
    scene.assign()
    scene.clear()
    go_on(scene)
    assignment.release_assessor(scene.session, scene.secretary, scene.case_id, Reason(reason="sakit (contoh)"))
    assert scene.told()[-1][0] == "assessor_released"
    scene.assign(scene.other)
    scene.assessor = scene.other
    scene.clear()
    scene.appoint()
    scene.propose()
    assert scene.agree().state is State.AGREED
    assert [each.ending for each in scene.case.assignments] == ["released", None]


def test_once_the_assessment_runs_the_assessor_stays(scene: Scene) -> None:
    scene.to_ready()
    with pytest.raises(Conflict):
        assignment.release_assessor(scene.session, scene.secretary, scene.case_id, Reason(reason="contoh"))


def test_the_choice_names_what_stands_in_the_way(scene: Scene) -> None:
    found = {
        one.name: one.obstacles
        for one in registers.list_assessor_choices(scene.session, scene.secretary, scene.case_id)
    }
    assert found == {
        "Asesor Contoh": [], "Pengganti Contoh": [], "Verifikator Contoh": ["assessor-is-verifier"]
    }  # fmt: skip


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whoever_is_offered_can_be_assigned_and_nobody_else(scene: Scene, data: st.DataObject) -> None:
    offered = registers.list_assessor_choices(scene.session, scene.secretary, scene.case_id)
    one = data.draw(st.sampled_from(offered))
    nested = scene.session.begin_nested()
    try:
        wanted = assignment.Assign(assessor_id=one.id)
        if one.obstacles:
            with pytest.raises(Conflict):
                assignment.assign_assessor(scene.session, scene.secretary, scene.case_id, wanted)
        else:
            assignment.assign_assessor(scene.session, scene.secretary, scene.case_id, wanted)
    finally:
        nested.rollback()
        scene.session.expire_all()


@pytest.mark.parametrize(
    ("part", "code"),
    [
        (Involvement.VERIFIED, "assessor-is-verifier"),
        (Involvement.DECIDED, "assessor-decided"),
        (Involvement.TIED, "assessor-conflict"),
    ],
)
def test_who_had_a_hand_in_the_case_elsewhere_is_not_assigned_nor_recommends(
    scene: Scene, part: Involvement, code: str
) -> None:
    """R4, R25: judged an item of round 1, decided, or declared a tie as an officer; also told when the day has come."""
    fact = DecisionPeopleInvolved(
        application_id=scene.application_id,
        applicant_id=scene.candidate.id,
        people=[scene.assessor.id],
        part=part,
        since=clock.now(),
    )
    scene.hear(fact)
    with pytest.raises(Conflict) as refusal:
        scene.assign()
    assert refusal.value.code == code
    scene.assign(scene.other)
    scene.hear(fact.model_copy(update={"people": [scene.other.id]}))
    scene.assessor = scene.other
    for step in (scene.clear, scene.appoint, scene.propose, scene.agree):
        step()
    sitting = scene.sitting()
    with pytest.raises(Conflict) as refusal:
        scene.seat(sitting)
    assert refusal.value.code == code


def test_the_parts_of_an_assessor_are_told_and_stay_after_the_release(scene: Scene) -> None:
    for step in (scene.assign, scene.clear, scene.appoint, scene.propose):
        step()
    assignment.release_assessor(scene.session, scene.secretary, scene.case_id, Reason(reason="Cuti (contoh)"))
    me = str(scene.assessor.id)
    assert scene.told_parts() == [("assigned", me), ("pre_assessed", me)]


@pytest.mark.parametrize(("tie", "parts"), [("family", ["assigned", "tied"]), ("trainer", ["assigned", "trained"])])
def test_a_declared_tie_is_told_for_ever_and_a_training_apart(scene: Scene, tie: str, parts: list[str]) -> None:
    """R1 knows trainers for ever, R3 for two years: what was declared here is asked with its day."""
    scene.assign()
    declared = CLEAR.model_copy(update={tie: True})
    assignment.declare_impartiality(scene.session, scene.assessor, scene.case_id, declared)
    assert [part for part, _ in scene.told_parts()] == parts
