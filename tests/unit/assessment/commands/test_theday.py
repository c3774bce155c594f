"""Readiness, record, recommendation, report (process 2.7, 2.8; R2)."""

import json
from datetime import datetime, timedelta
from hashlib import sha256

import pytest

from services.assessment.commands import theday
from services.assessment.commands.inputs import Reason
from services.assessment.commands.sittings import postpone_case
from services.assessment.domain.paperfile import Tick
from services.assessment.domain.workflow import State
from services.assessment.queries import cases, work
from shared import clock
from shared.contracts.assessment import AssessmentRecommended
from shared.contracts.words import Judgement
from shared.errors import Conflict, Invalid, NotFound
from shared.security.sealing import open_field
from tests.clock import stopped_at
from tests.unit.assessment.scene import Scene


@pytest.fixture
def seated(scene: Scene) -> Scene:
    scene.to_agreement()
    scene.seat(scene.sitting())
    return scene


@pytest.fixture
def ready(scene: Scene) -> Scene:
    scene.to_ready()
    return scene


def test_the_assessment_begins_when_both_are_ready_in_either_order(seated: Scene) -> None:
    seated.be_ready()
    assert seated.case.state is State.ASSESSMENT_SCHEDULED
    assert seated.confirm().state is State.READY


def test_readiness_is_declared_on_the_day_and_not_before(scene: Scene) -> None:
    scene.to_agreement()
    scene.seat(scene.sitting(clock.now() + timedelta(days=2)))
    for act in (scene.confirm, scene.be_ready):
        with pytest.raises(Conflict) as refusal:
            act()
        assert refusal.value.code == "not-the-day"


def test_a_missing_paper_is_named_and_nothing_is_confirmed(seated: Scene) -> None:
    with pytest.raises(Invalid) as refusal:
        seated.confirm(diploma=Tick.ABSENT)
    assert list(refusal.value.fields) == ["checklist.diploma"]
    assert seated.case.record is None


def test_a_registration_that_ran_out_since_is_noticed_on_the_day(seated: Scene) -> None:
    assert seated.case.assessor is not None
    seated.case.assessor.valid_until = clock.today() - timedelta(1)
    with pytest.raises(Conflict) as refusal:
        seated.confirm()
    assert refusal.value.code == "assessor-registration-expired"


def test_a_verification_that_ran_out_since_is_noticed_on_the_day(seated: Scene) -> None:
    seated.centre.verified_until = clock.today() - timedelta(1)
    with pytest.raises(Conflict) as refusal:
        seated.confirm()
    assert refusal.value.code == "centre-verification-expired"


def test_nothing_is_recorded_before_the_sitting_begins(scene: Scene) -> None:
    """R26: what is recorded carries its hour, and what was not seen yet cannot be noted."""
    morning = datetime(2027, 3, 1, 9, tzinfo=clock.JAKARTA)
    with stopped_at(morning):
        scene.to_agreement()
        scene.seat(scene.sitting(morning + timedelta(hours=4)))
        scene.confirm()
        scene.be_ready()
        with pytest.raises(Conflict, match="13") as refusal:
            scene.judge()
        assert refusal.value.code == "sitting-not-begun"
    with stopped_at(morning + timedelta(hours=4)):
        assert scene.judge().state is State.ASSESSED


def test_a_registration_that_ran_out_since_readiness_neither_records_nor_recommends(ready: Scene) -> None:
    """R5 holds at the act, not only at the gate before it."""
    assessor = ready.case.assessor
    assert assessor is not None
    valid = assessor.valid_until
    assessor.valid_until = clock.today() - timedelta(1)
    with pytest.raises(Conflict) as refusal:
        ready.judge()
    assert refusal.value.code == "assessor-registration-expired"
    assessor.valid_until = valid
    ready.judge()
    assessor.valid_until = clock.today() - timedelta(1)
    with pytest.raises(Conflict) as refusal:
        ready.recommend()
    assert refusal.value.code == "assessor-registration-expired"
    assert ready.case.state is State.ASSESSED


def test_an_assessor_who_is_no_longer_active_records_nothing(ready: Scene) -> None:
    assert ready.case.assessor is not None
    ready.case.assessor.active = False
    with pytest.raises(Conflict) as refusal:
        ready.judge()
    assert refusal.value.code == "assessor-inactive"


def test_a_place_that_lost_its_verification_before_the_day_records_nothing(ready: Scene) -> None:
    """R6 holds at the act; what ran out after the day does not matter any more."""
    ready.centre.verified_until = clock.today() - timedelta(1)
    with pytest.raises(Conflict) as refusal:
        ready.judge()
    assert refusal.value.code == "centre-verification-expired"
    ready.centre.verified_until = clock.today()
    ready.judge()
    with stopped_at(clock.now() + timedelta(days=3)):
        assert ready.recommend().state is State.RECOMMENDED


def test_a_complete_record_is_set_aside_by_who_plans_and_not_by_its_assessor(ready: Scene) -> None:
    ready.judge()
    why = Reason(reason="MET asesor habis sebelum rekomendasi")
    with pytest.raises(Conflict) as refusal:
        postpone_case(ready.session, ready.assessor, ready.case_id, why)
    assert refusal.value.code == "record-complete"
    assert "postpone" not in cases.view_case(ready.session, ready.assessor, ready.case_id).acts
    assert postpone_case(ready.session, ready.secretary, ready.case_id, why).state is State.AGREED


def test_nothing_is_recorded_before_both_are_ready(seated: Scene) -> None:
    seated.confirm()
    with pytest.raises(Conflict):
        seated.judge()


def test_a_record_may_grow_bit_by_bit(ready: Scene) -> None:
    first = theday.Judged(unit=ready.units[0], method="written", judgement=Judgement.BK)
    case = theday.write_day_record(ready.session, ready.assessor, ready.case_id, theday.Record(judgements=[first]))
    assert case.state is State.READY
    with pytest.raises(Conflict):
        ready.recommend()
    assert ready.judge().state is State.ASSESSED


def test_further_evidence_is_noted_and_kept_until_replaced(ready: Scene) -> None:
    shown = theday.FurtherEvidence(unit=ready.units[0], title="Foto kegiatan contoh")
    theday.write_day_record(ready.session, ready.assessor, ready.case_id, theday.Record(further_evidence=[shown]))
    ready.judge()
    assert ready.case.record is not None
    assert [each.title for each in ready.case.record.further_evidence] == ["Foto kegiatan contoh"]


def test_a_method_that_was_not_agreed_is_not_recorded(ready: Scene) -> None:
    foreign = theday.Judged(unit=ready.units[0], method="oral", judgement=Judgement.K)
    with pytest.raises(Invalid):
        theday.write_day_record(ready.session, ready.assessor, ready.case_id, theday.Record(judgements=[foreign]))


def test_one_method_bk_makes_the_unit_bk(ready: Scene) -> None:
    ready.judge()
    cell = theday.Judged(unit=ready.units[0], method="observation", judgement=Judgement.BK)
    theday.write_day_record(ready.session, ready.assessor, ready.case_id, theday.Record(judgements=[cell]))
    with pytest.raises(Invalid) as refusal:
        ready.recommend()
    assert list(refusal.value.fields) == ["units.0.note"]
    ready.recommend(**{ready.units[0]: Judgement.BK})
    told = {each["unit"]: each["judgement"] for each in ready.told()[-1][1]["units"]}
    assert told == dict.fromkeys(ready.units, "K") | {ready.units[0]: "BK"}


def test_a_recommendation_is_not_taken_back(ready: Scene) -> None:
    ready.judge()
    ready.recommend()
    for act in (ready.recommend, ready.judge):
        with pytest.raises(Conflict):
            act()


def test_the_record_is_sealed_with_a_hash_of_what_it_rests_on(ready: Scene) -> None:
    ready.judge()
    ready.recommend()
    record = ready.case.record
    assert record is not None
    assert record.record_hash == theday.hash_record(ready.case, record)
    record.judgements = {**record.judgements, ready.units[0]: {"written": Judgement.BK, "observation": Judgement.K}}
    assert record.record_hash != theday.hash_record(ready.case, record)


def test_the_officers_are_told_the_record_that_the_hash_is_of(ready: Scene) -> None:
    """R12: plan, checks and what each method showed reach them, sealed; adjustments do not."""
    ready.judge()
    ready.recommend()
    fact = ready.told()[-1][1]
    content = open_field(AssessmentRecommended, "record", fact["record"])
    assert sha256(content.encode()).hexdigest() == fact["record_hash"]
    assert set(json.loads(content)["judgements"]) == set(ready.units)
    assert ready.units[0] not in fact["record"]
    assert "adjustments" not in content


def test_the_candidate_does_not_see_the_recommendation(ready: Scene) -> None:
    ready.judge()
    ready.recommend()
    seen = cases.view_case(ready.session, ready.candidate, ready.case_id)
    assert seen.record is not None
    assert (seen.record.judgements, seen.record.recommended, seen.record.derived, seen.record.note) == ({}, [], {}, "")


def test_a_report_waits_until_it_is_written_and_can_be_mended(ready: Scene) -> None:
    sitting = ready.case.sitting
    assert sitting is not None
    with pytest.raises(NotFound):
        theday.report_sitting(ready.session, ready.assessor, sitting.id, theday.Report(summary="contoh"))
    ready.judge()
    ready.recommend()
    assert [each.id for each in work.list_reports_due(ready.session, ready.assessor)] == [sitting.id]
    for words in ("contoh", "contoh, diperbaiki"):
        written = theday.report_sitting(ready.session, ready.assessor, sitting.id, theday.Report(summary=words))
        ready.session.flush()
    assert written.summary == "contoh, diperbaiki"
    assert work.list_reports_due(ready.session, ready.assessor) == []
