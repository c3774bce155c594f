"""R28 (process 2.10): re-assessment covers BK units only; at most three per unit."""

from typing import Any

import pytest

from kompeten.demo import stages
from shared.contracts.decision import ReassessmentOrdered
from tests.rules.playing import Candidate, Played, refused, retell


@pytest.fixture(scope="module")
def candidate(played: Played) -> Candidate:
    return played.decided("DUADELAPAN CONTOH", played.judge_weak)


def own_path(candidate: Candidate) -> str:
    return f"/decision/api/my/cases/{candidate.application}"


def list_attempts(played: Played, candidate: Candidate) -> list[int]:
    lines = played.cast["sekretariat"].get("/assessment/api/cases", size=100)["items"]
    return sorted(line["attempt"] for line in lines if line["application_id"] == candidate.application)


def ask_again(candidate: Candidate, *units: str) -> Any:
    return candidate.me.post(f"{own_path(candidate)}/reassessment", {"units": units, "accepts": True})


def test_a_unit_that_is_k_is_not_assessed_again(played: Played, candidate: Candidate) -> None:
    strong = played.cast.scheme["units"][0]["code"]
    refused(lambda: ask_again(candidate, strong, played.weak), "reassessment-incomplete")
    contested = {"units": [strong], "reasons": "Contoh"}
    refused(lambda: candidate.me.post(f"{own_path(candidate)}/appeal", contested), "appeal-incomplete")
    assert list_attempts(played, candidate) == [0]


def test_a_re_assessment_judges_no_unit_but_those_asked_for(played: Played, candidate: Candidate) -> None:
    ask_again(candidate, played.weak)
    case = stages.wait_for_case(played.cast, candidate.application, attempt=1)["id"]
    stages.prepare_candidate(played.cast, candidate.me, case, "asesor2")
    path, strong = f"/assessment/api/cases/{case}", played.cast.scheme["units"][0]["code"]
    judged = {"judgements": [{"unit": strong, "method": "written", "judgement": "BK"}], "further_evidence": []}
    with pytest.raises(Exception, match=r"40[39]|422"):
        played.cast["asesor2"].put(f"{path}/record", judged)
    assert [unit["code"] for unit in played.cast["asesor2"].get(path)["units"]] == [played.weak]
    stages.assess_candidate(played.cast, candidate.me, case, "asesor2", played.judge_weak)
    units = stages.hold_meeting(played.cast, candidate.application)["units"]
    assert (units[strong], units[played.weak]) == ("K", "BK")


def test_an_order_told_twice_or_by_another_opens_no_further_attempt(played: Played, candidate: Candidate) -> None:
    told = played.told("decision", ReassessmentOrdered.type, candidate.application)
    played.forge("decision", "assessment", retell(told))
    played.forge("registration", "assessment", retell(told, attempt=2))
    assert list_attempts(played, candidate) == [0, 1]


@pytest.mark.timeout(600)
def test_a_fourth_is_refused_by_every_way(played: Played, candidate: Candidate) -> None:
    for attempt in (2, 3):
        ask_again(candidate, played.weak)
        case = stages.wait_for_case(played.cast, candidate.application, attempt=attempt)["id"]
        stages.prepare_candidate(played.cast, candidate.me, case, "asesor2")
        stages.assess_candidate(played.cast, candidate.me, case, "asesor2", played.judge_weak)
        stages.hold_meeting(played.cast, candidate.application)
    refused(lambda: ask_again(candidate, played.weak), "reassessments-used-up", "case-state")
    contested = {"units": [played.weak], "reasons": "Contoh"}
    refused(
        lambda: candidate.me.post(f"{own_path(candidate)}/appeal", contested), "reassessments-used-up", "case-state"
    )
    assert list_attempts(played, candidate) == [0, 1, 2, 3]
