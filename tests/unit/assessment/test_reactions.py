"""What this stage does when it hears of something, in any order and however often."""

from datetime import date
from uuid import uuid4

import pytest

from services.assessment.commands import assignment, preassessment
from services.assessment.commands.inputs import Reason
from services.assessment.domain.workflow import State
from services.assessment.models import AccountCopy, Assessor, Case, File, derive_case_id
from services.assessment.queries import cases, work
from shared import clock
from shared.contracts.decision import ReassessmentOrdered
from shared.contracts.registration import AccountChanged, ApplicationWithdrawn
from shared.errors import Conflict, NotFound
from shared.messaging.reactions import NotYet
from shared.security.roles import Role
from tests.unit.assessment.scene import CLEAR, Scene, account, person


def ordered(scene: Scene, attempt: int, units: list[str], **other: object) -> ReassessmentOrdered:
    values: dict[str, object] = {
        "application_id": scene.application_id,
        "applicant_id": scene.candidate.id,
        "attempt": attempt,
        "units": units,
        "excluded_assessors": [],
        "ordered_at": clock.now(),
    }
    return ReassessmentOrdered.model_validate(values | other)


def withdrawn(scene: Scene) -> ApplicationWithdrawn:
    fact = scene.submitted()
    return ApplicationWithdrawn(
        application_id=fact.application_id,
        applicant_id=fact.applicant_id,
        scheme_id=fact.scheme_id,
        scheme_version=fact.scheme_version,
        scheme_title=fact.scheme_title,
        reason="pindah tugas (contoh)",
    )


def to_recommendation(scene: Scene) -> None:
    scene.to_ready()
    scene.judge()
    scene.recommend()


def test_a_submitted_file_becomes_one_case_however_often_it_is_told(scene: Scene) -> None:
    scene.hear(scene.submitted())
    scene.hear(scene.submitted(), 0)
    [case] = scene.session.query(Case)
    assert (case.state, case.attempt, case.units) == (State.AWAITING_ASSESSOR, 0, scene.units)


def test_an_older_account_does_not_undo_a_newer_one(scene: Scene) -> None:
    changed = AccountChanged(**account(scene.assessor, name="Asesor Baru Contoh").model_dump())
    scene.hear(changed, 3)
    scene.hear(account(scene.assessor), 2)
    assert scene.session.get_one(AccountCopy, scene.assessor.id).name == "Asesor Baru Contoh"
    assert scene.session.get_one(Assessor, scene.assessor.id).name == "Asesor Baru Contoh"


def test_a_later_round_takes_up_the_returned_case_with_the_same_assessor(scene: Scene) -> None:
    scene.assign()
    scene.clear()
    scene.appoint()
    wanted = preassessment.Return(reasons=[preassessment.Mending(item="Ijazah", reason="tidak terbaca")])
    preassessment.return_case(scene.session, scene.assessor, scene.case_id, wanted)
    scene.documents = [uuid4()]
    scene.hear(scene.submitted(round=2, file_hash="b" * 64), 5)
    assert (scene.case.state, scene.case.file.round) == (State.CLEARED, 2)
    scene.appoint()
    scene.propose()
    assert scene.agree().state is State.AGREED
    assert [each.number for each in scene.case.consultations] == [1, 2]


def test_an_assessor_who_verified_the_later_round_loses_the_case(scene: Scene) -> None:
    scene.assign()
    scene.clear()
    scene.appoint()
    wanted = preassessment.Return(reasons=[preassessment.Mending(item="Ijazah", reason="tidak terbaca")])
    preassessment.return_case(scene.session, scene.assessor, scene.case_id, wanted)
    scene.hear(scene.submitted(round=2, verifier_id=scene.assessor.id), 5)
    assert (scene.case.state, scene.case.assessor_id) == (State.AWAITING_ASSESSOR, None)
    with pytest.raises(Conflict) as refusal:
        scene.assign()
    assert refusal.value.code == "assessor-is-verifier"


def test_a_later_round_waits_while_the_case_is_not_returned(scene: Scene) -> None:
    scene.assign()
    with pytest.raises(NotYet):
        scene.hear(scene.submitted(round=2), 5)


def test_withdrawal_cancels_what_is_open(scene: Scene) -> None:
    scene.to_agreement()
    scene.hear(withdrawn(scene), 9)
    assert scene.case.state is State.CANCELLED
    assert cases.view_case(scene.session, scene.assessor, scene.case_id).file is None
    assert work.list_cases_to_assess(scene.session, scene.assessor) == []
    scene.hear(withdrawn(scene), 9)


def test_withdrawal_leaves_what_is_recommended(scene: Scene) -> None:
    to_recommendation(scene)
    scene.hear(withdrawn(scene), 9)
    assert scene.case.state is State.RECOMMENDED


def test_a_withdrawal_heard_first_keeps_the_file_out(scene: Scene) -> None:
    scene.application_id = uuid4()
    scene.hear(withdrawn(scene), 9)
    scene.hear(scene.submitted(), 8)
    assert scene.session.get(Case, derive_case_id(scene.application_id, 0)) is None
    assert scene.session.get_one(File, scene.application_id).withdrawn_at is not None
    scene.hear(ordered(scene, 1, scene.units))
    assert scene.session.get(Case, derive_case_id(scene.application_id, 1)) is None


def test_an_order_to_re_assess_waits_for_the_file(scene: Scene) -> None:
    scene.application_id = uuid4()
    with pytest.raises(NotYet):
        scene.hear(ordered(scene, 1, scene.units))


def test_a_re_assessment_covers_the_bk_units_by_another_assessor(scene: Scene) -> None:
    to_recommendation(scene)
    bk = scene.units[:1]
    scene.hear(ordered(scene, 1, bk))
    scene.hear(ordered(scene, 1, bk))
    scene.case_id = derive_case_id(scene.application_id, 1)
    assert (scene.case.units, scene.case.attempt) == (bk, 1)
    with pytest.raises(Conflict) as refusal:
        scene.assign()
    assert refusal.value.code == "assessor-excluded"
    scene.assessor = scene.other
    to_recommendation(scene)
    fact, data = scene.told()[-1]
    assert (fact, data["attempt"], [each["unit"] for each in data["units"]]) == ("assessment_recommended", 1, bk)


def test_the_order_may_exclude_more_assessors(scene: Scene) -> None:
    to_recommendation(scene)
    scene.hear(ordered(scene, 1, scene.units[:1], excluded_assessors=[str(scene.other.id)]))
    assert set(scene.session.get_one(Case, derive_case_id(scene.application_id, 1)).excluded_assessors) == {
        str(scene.assessor.id),
        str(scene.other.id),
    }


def test_who_pre_assessed_and_was_released_does_not_reassess(scene: Scene) -> None:
    """R10 looks at everybody who was ever assigned: nothing is taken off."""
    for step in (scene.assign, scene.clear, scene.appoint, scene.propose):
        step()
    assignment.release_assessor(scene.session, scene.secretary, scene.case_id, Reason(reason="Cuti (contoh)"))
    released, scene.assessor = scene.assessor, scene.other
    to_recommendation(scene)
    scene.hear(ordered(scene, 1, scene.units[:1]))
    excluded = scene.session.get_one(Case, derive_case_id(scene.application_id, 1)).excluded_assessors
    assert set(excluded) == {str(released.id), str(scene.other.id)}


def test_the_new_assessor_sees_nothing_of_the_first_assessment(scene: Scene) -> None:
    first = scene.case_id
    to_recommendation(scene)
    scene.hear(ordered(scene, 1, scene.units[:1]))
    scene.case_id = derive_case_id(scene.application_id, 1)
    scene.assign(scene.other)
    assert [line.attempt for line in work.list_cases_to_assess(scene.session, scene.other)] == [0]
    assignment.declare_impartiality(scene.session, scene.other, scene.case_id, CLEAR)
    seen = cases.view_case(scene.session, scene.other, scene.case_id)
    assert {claim.unit for claim in seen.file.claims} == {scene.units[0]}  # type: ignore[union-attr]
    assert seen.earlier_consultations == []
    assert seen.assignments == []
    with pytest.raises(NotFound):
        cases.view_case(scene.session, scene.other, first)


def test_the_fourth_re_assessment_of_a_unit_is_refused_and_said_to_be(scene: Scene) -> None:
    to_recommendation(scene)
    one, other = scene.units[0], scene.units[1]
    for attempt in (1, 2, 3):
        scene.hear(ordered(scene, attempt, [one]))
    scene.hear(ordered(scene, 4, [one, other]))
    mixed = scene.session.get_one(Case, derive_case_id(scene.application_id, 4))
    assert (mixed.state, mixed.units, mixed.refused_units) == (State.AWAITING_ASSESSOR, [other], [one])
    scene.hear(ordered(scene, 5, [one]))
    refused = scene.session.get_one(Case, derive_case_id(scene.application_id, 5))
    assert (refused.state, refused.units, refused.refused_units) == (State.REFUSED, [], [one])
    assert [line.id for line in work.view_assessment_work(scene.session, scene.secretary).stuck] == [refused.id]


def test_a_cancelled_attempt_does_not_count(scene: Scene) -> None:
    to_recommendation(scene)
    for attempt in (1, 2, 3):
        scene.hear(ordered(scene, attempt, scene.units[:1]))
    scene.session.get_one(Case, derive_case_id(scene.application_id, 2)).state = State.CANCELLED
    scene.hear(ordered(scene, 4, scene.units[:1]))
    assert scene.session.get_one(Case, derive_case_id(scene.application_id, 4)).state is State.AWAITING_ASSESSOR


def test_an_account_may_come_after_what_refers_to_it(scene: Scene) -> None:
    late = person("Terlambat Contoh", Role.ASSESSOR)
    scene.hear(AccountChanged(**account(late).model_dump()), 2)
    scene.hear(account(late, name="Nama Lama"), 1)
    assert scene.register(late, "MET.5 contoh", valid_until=date(2090, 1, 1)).name == late.name


def test_a_reassessment_that_was_asked_for_goes_to_anybody_but_whom_an_appeal_kept_out(scene: Scene) -> None:
    """Whoever an appeal once kept out stays out of every later attempt (R10; domain handbook 10)."""
    to_recommendation(scene)
    scene.hear(ordered(scene, 1, scene.units[:1], another_assessor=False))
    assert scene.session.get_one(Case, derive_case_id(scene.application_id, 1)).excluded_assessors == []
    scene.case_id = derive_case_id(scene.application_id, 1)
    to_recommendation(scene)
    scene.hear(ordered(scene, 2, scene.units[:1]), 2)
    scene.hear(ordered(scene, 3, scene.units[:1], another_assessor=False), 3)
    for attempt in (2, 3):
        case = scene.session.get_one(Case, derive_case_id(scene.application_id, attempt))
        assert case.excluded_assessors == [str(scene.assessor.id)]
