"""What must be there before a plan is proposed (process 2.6)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.assessment.domain.preassessment import (
    Briefing,
    Consultation,
    EvidenceCheck,
    Explanation,
    Frame,
    Quality,
    UnitPlan,
    check_plan_draft,
    check_plan_proposal,
    find_plan_gaps,
)
from shared.errors import Invalid

FRAME = Frame(documents=["d1", "d2"], units=["U1", "U2"], methods=["written", "oral"], adjustment_needed=False)
GOOD = frozenset(Quality)
COMPLETE = Consultation(
    checks=(EvidenceCheck("d1", GOOD, ""), EvidenceCheck("d2", GOOD, "")),
    explanations=frozenset(Explanation),
    briefings=frozenset(Briefing),
    plan=(UnitPlan("U1", "uji langsung", ("written",), ("FR.IA.05",)), UnitPlan("U2", "uji", ("oral",), ("FR.IA.07",))),
    adjustments="",
)
EMPTY = Consultation((), frozenset(), frozenset(), (), "")


def test_a_complete_consultation_can_be_proposed() -> None:
    check_plan_proposal(COMPLETE, FRAME)


@given(st.sets(st.sampled_from(Explanation)), st.sets(st.sampled_from(Briefing)))
def test_every_explanation_and_briefing_is_needed(explained: set[Explanation], briefed: set[Briefing]) -> None:
    found = find_plan_gaps(replace(COMPLETE, explanations=frozenset(explained), briefings=frozenset(briefed)), FRAME)
    assert set(found) == {f"explanations.{one}" for one in set(Explanation) - explained} | {
        f"briefings.{one}" for one in set(Briefing) - briefed
    }


@given(st.sets(st.sampled_from(Quality)))
def test_evidence_that_is_not_good_enough_needs_a_note_and_no_more(qualities: set[Quality]) -> None:
    check = EvidenceCheck("d1", frozenset(qualities), "")
    found = find_plan_gaps(replace(COMPLETE, checks=(check, COMPLETE.checks[1])), FRAME)
    assert set(found) == (set() if qualities == set(Quality) else {"checks.0.note"})
    noted = replace(COMPLETE, checks=(replace(check, note="bawa aslinya"), COMPLETE.checks[1]))
    check_plan_proposal(noted, FRAME)


def test_every_document_and_unit_must_be_covered() -> None:
    with pytest.raises(Invalid) as refusal:
        check_plan_proposal(replace(COMPLETE, checks=(), plan=()), FRAME)
    assert refusal.value.code == "plan-incomplete"
    assert set(refusal.value.fields) == {"checks.d1", "checks.d2", "plan.U1", "plan.U2"}


def test_a_unit_needs_approach_method_and_tool() -> None:
    found = find_plan_gaps(replace(COMPLETE, plan=(UnitPlan("U1", " ", (), ("",)), COMPLETE.plan[1])), FRAME)
    assert set(found) == {"plan.0.approach", "plan.0.methods", "plan.0.tools"}


def test_an_adjustment_asked_for_is_planned() -> None:
    asked = replace(FRAME, adjustment_needed=True)
    assert set(find_plan_gaps(COMPLETE, asked)) == {"adjustments"}
    check_plan_proposal(replace(COMPLETE, adjustments="huruf besar"), asked)


def test_a_draft_may_be_empty_but_holds_nothing_foreign() -> None:
    check_plan_draft(EMPTY, FRAME)
    foreign = Consultation(
        checks=(EvidenceCheck("d9", GOOD, ""), EvidenceCheck("d1", GOOD, ""), EvidenceCheck("d1", GOOD, "")),
        explanations=frozenset(),
        briefings=frozenset(),
        plan=(UnitPlan("U9", "", (), ()), UnitPlan("U1", "", ("magic",), ()), UnitPlan("U1", "", (), ())),
        adjustments="",
    )
    with pytest.raises(Invalid) as refusal:
        check_plan_draft(foreign, FRAME)
    assert refusal.value.code == "plan-unknown"
    assert set(refusal.value.fields) == {
        "checks.0.document_id",
        "checks.2.document_id",
        "plan.0.unit",
        "plan.1.methods",
        "plan.2.unit",
    }
