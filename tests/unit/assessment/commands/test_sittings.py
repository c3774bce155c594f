"""Sittings and their seats (R5, R6)."""

from datetime import timedelta
from uuid import uuid4

import pytest

from services.assessment.commands import registers, sittings
from services.assessment.commands.inputs import Reason
from services.assessment.domain.workflow import State
from services.assessment.models import Centre, derive_case_id
from services.assessment.models.sittings import SittingState
from services.assessment.queries import sittings as queries
from shared import clock
from shared.errors import Conflict, Invalid, NotFound, Refusal
from shared.security.roles import Role
from tests.unit.assessment.scene import SCHEME, Scene, account, person


def details(centre: Centre, **other: object) -> registers.CentreDetails:
    values = {
        name: getattr(centre, name)
        for name in ("name", "kind", "address", "verified_until", "schemes", "capacity", "active")
    }
    return registers.CentreDetails(**(values | other))


def another(scene: Scene, assessor: object = None) -> Scene:
    """A second candidate of the same certification body, up to an agreed plan."""
    other = Scene.__new__(Scene)
    other.__dict__ |= scene.__dict__
    other.candidate = person("Kedua Contoh", Role.APPLICANT)
    other.application_id = uuid4()
    scene.hear(other.submitted())
    other.case_id = derive_case_id(other.application_id, 0)
    if assessor is not None:
        other.assessor = scene.other
    other.to_agreement()
    return other


def refused(code: str, scene: Scene, act: object) -> None:
    with pytest.raises(Refusal) as refusal:
        act()  # type: ignore[operator]
    assert refusal.value.code == code


def test_a_seat_is_announced_with_place_day_assessor_and_what_to_bring(scene: Scene) -> None:
    scene.to_agreement()
    scene.seat(scene.sitting())
    fact, data = scene.told()[-1]
    assert fact == "assessment_scheduled"
    assert (data["place"], data["address"], data["assessor_name"]) == ("TUK Contoh", "Jalan Contoh 1", "Asesor Contoh")
    assert "Meterai Rp10.000, 2 lembar" in data["bring"]


def test_seating_twice_tells_once(scene: Scene) -> None:
    scene.to_agreement()
    sitting = scene.sitting()
    scene.seat(sitting)
    scene.seat(sitting)
    assert [fact for fact, _ in scene.told()].count("assessment_scheduled") == 1


def test_no_seat_before_the_plan_is_agreed(scene: Scene) -> None:
    sitting = scene.sitting()
    refused("case-state", scene, lambda: scene.seat(sitting))


def test_the_centre_must_be_verified_for_the_scheme(scene: Scene) -> None:
    scene.to_agreement()
    sitting = scene.sitting(centre=scene.add_centre("TUK Skema", schemes=["promosi-perpustakaan"]))
    refused("centre-scheme", scene, lambda: scene.seat(sitting))


def test_no_sitting_where_the_verification_has_run_out(scene: Scene) -> None:
    centre = scene.add_centre("TUK Lama", verified_until=clock.today() - timedelta(1))
    refused("centre-verification-expired", scene, lambda: scene.sitting(centre=centre))
    closed = scene.add_centre("TUK Tutup", active=False)
    refused("centre-inactive", scene, lambda: scene.sitting(centre=closed))


def test_a_verification_that_ends_between_planning_and_seating_is_noticed(scene: Scene) -> None:
    scene.to_agreement()
    sitting = scene.sitting()
    ended = details(scene.centre, verified_until=clock.today() - timedelta(1))
    registers.change_centre(scene.session, scene.secretary, scene.centre.id, ended)
    refused("centre-verification-expired", scene, lambda: scene.seat(sitting))


def test_the_registration_must_hold_on_the_day_of_the_sitting(scene: Scene) -> None:
    scene.to_agreement()
    scene.centre.verified_until = clock.today() + timedelta(900)
    sitting = scene.sitting(clock.now() + timedelta(500))
    refused("assessor-registration-expired", scene, lambda: scene.seat(sitting))


def test_a_centre_seats_no_more_than_its_capacity_in_overlapping_sittings(scene: Scene) -> None:
    scene.centre.capacity = 1
    scene.to_agreement()
    other = another(scene, scene.other)
    scene.seat(scene.sitting())
    overlapping, later = scene.sitting(), scene.sitting(clock.now() + timedelta(hours=3))
    refused("centre-full", other, lambda: other.seat(overlapping))
    other.seat(later)
    assert other.case.state is State.ASSESSMENT_SCHEDULED


def test_an_assessor_is_in_one_place_at_a_time(scene: Scene) -> None:
    scene.to_agreement()
    other = another(scene)
    sitting = scene.sitting()
    scene.seat(sitting)
    elsewhere = scene.sitting(centre=scene.add_centre("TUK Lain"))
    refused("assessor-busy", other, lambda: other.seat(elsewhere))
    other.seat(sitting)
    assert other.case.state is State.ASSESSMENT_SCHEDULED


def test_an_assessor_who_is_done_is_free_again(scene: Scene) -> None:
    scene.to_ready()
    other = another(scene)
    scene.judge()
    scene.recommend()
    other.seat(scene.sitting(centre=scene.add_centre("TUK Lain")))


def test_many_are_seated_at_once_or_none(scene: Scene) -> None:
    scene.to_agreement()
    other = another(scene)
    fresh = Scene.__new__(Scene)
    fresh.__dict__ |= scene.__dict__
    fresh.candidate, fresh.application_id = person("Ketiga Contoh", Role.APPLICANT), uuid4()
    scene.hear(fresh.submitted())
    fresh.case_id = derive_case_id(fresh.application_id, 0)
    sitting = scene.sitting()
    with pytest.raises(Conflict) as refusal:
        scene.seat(sitting, scene.case_id, other.case_id, fresh.case_id)
    assert refusal.value.details == {"cases": {str(fresh.case_id): "case-state"}}
    assert {scene.case.state, other.case.state} == {State.AGREED}
    scene.seat(sitting, scene.case_id, other.case_id)
    assert queries.view_sitting(scene.session, scene.secretary, sitting.id).seated == 2


def test_a_case_nobody_knows_is_named(scene: Scene) -> None:
    sitting = scene.sitting()
    with pytest.raises(Invalid) as refusal:
        scene.seat(sitting, uuid4())
    assert list(refusal.value.fields) == ["case_ids.0"]


def test_moving_a_sitting_tells_everybody_again(scene: Scene) -> None:
    scene.to_agreement()
    sitting = scene.sitting()
    scene.seat(sitting)
    begins = clock.now() + timedelta(hours=5)
    wanted = sittings.PlanSitting(centre_id=scene.centre.id, starts_at=begins, ends_at=begins + timedelta(hours=1))
    sittings.move_sitting(scene.session, scene.secretary, sitting.id, wanted)
    assert [fact for fact, _ in scene.told()][-2:] == ["assessment_scheduled"] * 2


def test_a_sitting_that_has_begun_stays(scene: Scene) -> None:
    scene.to_ready()
    sitting = scene.case.sitting
    assert sitting is not None
    wanted = sittings.PlanSitting(
        centre_id=scene.centre.id, starts_at=clock.now(), ends_at=clock.now() + timedelta(hours=1)
    )
    refused("sitting-begun", scene, lambda: sittings.move_sitting(scene.session, scene.secretary, sitting.id, wanted))
    scene.judge()
    reason = Reason(reason="contoh")
    refused("sitting-begun", scene, lambda: sittings.cancel_sitting(scene.session, scene.secretary, sitting.id, reason))


def test_a_cancelled_sitting_gives_its_candidates_back(scene: Scene) -> None:
    scene.to_agreement()
    sitting = scene.sitting()
    scene.seat(sitting)
    sittings.cancel_sitting(scene.session, scene.secretary, sitting.id, Reason(reason="banjir (contoh)"))
    assert (scene.case.state, scene.case.sitting) == (State.AGREED, None)
    assert sitting.state is SittingState.CANCELLED
    assert scene.told()[-1][0] == "assessment_postponed"
    refused("sitting-cancelled", scene, lambda: scene.seat(sitting))


def test_postponing_forgets_the_day_that_did_not_hold(scene: Scene) -> None:
    scene.to_ready()
    sittings.postpone_case(scene.session, scene.assessor, scene.case_id, Reason(reason="sakit (contoh)"))
    scene.session.flush()
    assert (scene.case.state, scene.case.record, scene.case.sitting) == (State.AGREED, None, None)
    scene.seat(scene.sitting())
    scene.confirm()
    assert scene.be_ready().state is State.READY


@pytest.mark.parametrize(("start", "hours"), [(timedelta(days=-2), 1), (timedelta(), -1), (timedelta(), 0)])
def test_impossible_times_are_refused(scene: Scene, start: timedelta, hours: float) -> None:
    with pytest.raises(Invalid):
        scene.sitting(clock.now() + start, hours=hours)


def test_the_calendar_shows_an_assessor_only_his_own(scene: Scene) -> None:
    scene.to_agreement()
    mine, _ = scene.sitting(), scene.sitting(clock.now() + timedelta(days=1))
    scene.seat(mine)
    query = queries.SittingQuery.model_validate({})
    assert queries.list_sittings(scene.session, scene.secretary, query).total == 2
    assert [each.id for each in queries.list_sittings(scene.session, scene.assessor, query).items] == [mine.id]
    assert queries.list_sittings(scene.session, scene.other, query).total == 0
    with pytest.raises(NotFound):
        queries.view_sitting(scene.session, scene.other, mine.id)


def test_a_candidate_is_in_one_place_at_a_time(scene: Scene) -> None:
    scene.to_agreement()
    scene.seat(scene.sitting())
    twin = Scene.__new__(Scene)
    twin.__dict__ |= scene.__dict__
    twin.application_id, twin.assessor = uuid4(), scene.other
    scene.hear(twin.submitted())
    twin.case_id = derive_case_id(twin.application_id, 0)
    twin.to_agreement()
    elsewhere = scene.sitting(centre=scene.add_centre("TUK Lain"))
    refused("candidate-busy", twin, lambda: twin.seat(elsewhere))


def test_a_newcomer_without_the_scheme_is_not_seated_after_a_change_of_the_register(scene: Scene) -> None:
    scene.to_agreement()
    sitting = scene.sitting()
    narrowed = registers.AssessorDetails(
        met_number="MET.1 contoh", valid_until=clock.today() + timedelta(90), schemes=["promosi-perpustakaan"]
    )
    registers.change_assessor(scene.session, scene.head, scene.assessor.id, narrowed)
    refused("assessor-scheme", scene, lambda: scene.seat(sitting))
    registers.change_assessor(
        scene.session, scene.head, scene.assessor.id, narrowed.model_copy(update={"schemes": [SCHEME]})
    )
    scene.seat(sitting)


def test_an_account_closed_before_the_day_is_noticed(scene: Scene) -> None:
    scene.to_agreement()
    sitting = scene.sitting()
    scene.hear(account(scene.assessor, active=False), 2)
    refused("assessor-inactive", scene, lambda: scene.seat(sitting))
