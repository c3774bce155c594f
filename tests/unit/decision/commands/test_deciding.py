"""The chair decides on the outcome of the meeting (process 2.9; R1, R11, R12, R13)."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.decision.commands import deciding
from services.decision.domain.freezing import hash_text
from services.decision.domain.workflow import CaseState
from services.decision.models import Decision
from services.decision.models.decisions import FrozenError
from shared import clock
from shared.audit import AuditRow
from shared.contracts.decision import CertificationDecided
from shared.errors import Conflict, Invalid, Refusal
from tests.unit.decision.scene import BK, CANDIDATE, CHAIR, DEPUTY, FIVE, OTHERS, UNITS, K, Scene, told


def decide_many(scene: Scene, meeting_id: UUID, *case_ids: UUID) -> deciding.Outcome:
    with scene.database.unit_of_work() as session:
        command = deciding.Decide(decisions=[deciding.CaseDecision(case_id=one) for one in case_ids])
        return deciding.decide_cases(session, CHAIR, meeting_id, command)


def test_a_case_is_k_when_all_units_are_k_and_it_is_told_with_everything(scene: Scene) -> None:
    case_id = scene.case()
    meeting_id = scene.discussed(case_id)
    scene.decide(meeting_id, case_id)
    (fact,) = told(scene.database, CertificationDecided)
    assert fact.judgement is K
    assert {unit.unit: unit.judgement for unit in fact.units} == dict.fromkeys(UNITS, K)
    assert (fact.application_id, fact.applicant_id, fact.applicant_name) == (case_id, CANDIDATE.id, CANDIDATE.name)
    assert (fact.decided_by, fact.acting_for_chair, fact.meeting_id, fact.attempt) == (CHAIR.id, False, meeting_id, 0)
    assert fact.decree_number == f"0001/SK/LSP/{clock.today().year}"
    assert timedelta(days=14) <= fact.appeal_until - fact.decided_at + timedelta(seconds=1)
    assert scene.state(case_id) is CaseState.DECIDED_K


def test_one_bk_unit_makes_the_case_bk(scene: Scene) -> None:
    case_id = scene.decided({UNITS[0]: K, UNITS[1]: BK})
    assert scene.state(case_id) is CaseState.DECIDED_BK
    assert told(scene.database, CertificationDecided)[0].judgement is BK


def test_a_deviation_needs_a_reason_and_is_then_what_counts(scene: Scene) -> None:
    case_id = scene.case()
    meeting_id = scene.discussed(case_id)
    with pytest.raises(Invalid) as refusal:
        scene.decide(meeting_id, case_id, {UNITS[0]: BK}, reason=" ")
    assert "reason" in refusal.value.fields
    assert scene.state(case_id) is CaseState.DISCUSSED
    scene.decide(meeting_id, case_id, {UNITS[0]: BK}, reason="Bukti tidak asli (contoh)")
    assert scene.decision(case_id).units == {UNITS[0]: "BK", UNITS[1]: "K", UNITS[2]: "K"}


def test_the_file_is_frozen_with_its_hash(scene: Scene) -> None:
    case_id = scene.decided({UNITS[0]: K})
    decision = scene.decision(case_id)
    assert hash_text(decision.file) == decision.file_hash
    assert told(scene.database, CertificationDecided)[0].file_hash == decision.file_hash
    file = json.loads(decision.file)
    assert file["decision"]["decree_number"] == decision.decree_number
    assert [row["file_hash"] for row in file["recommendations"]] == ["a" * 64]
    assert len(file["opinions"]) == len(OTHERS)
    assert len(file["meeting"]["members"]) == 5


def test_a_decision_cannot_be_changed_in_the_code_nor_in_the_database(scene: Scene) -> None:
    case_id = scene.decided({UNITS[0]: K})

    def change() -> None:
        with scene.database.unit_of_work() as session:
            session.get_one(Decision, scene.decision(case_id).id).reason = "lain"

    def run(statement: str) -> None:
        with scene.database.unit_of_work() as session:
            session.execute(text(statement))

    with pytest.raises(FrozenError):
        change()
    for statement in ("UPDATE decisions SET reason = 'lain'", "DELETE FROM decisions"):
        with pytest.raises(DBAPIError, match="frozen"):
            run(statement)
    assert scene.decision(case_id).reason != "lain"


def test_the_second_of_two_decisions_is_refused(scene: Scene) -> None:
    case_id = scene.case()
    meeting_id = scene.discussed(case_id)
    scene.decide(meeting_id, case_id)
    with pytest.raises(Conflict) as refusal:
        scene.decide(meeting_id, case_id, {UNITS[0]: BK}, reason="lain")
    assert refusal.value.code == "case-state"
    assert len(told(scene.database, CertificationDecided)) == 1


def test_nothing_is_decided_before_everybody_has_spoken(scene: Scene) -> None:
    case_id = scene.case()
    meeting_id = scene.call(case_id)
    scene.open(meeting_id)
    scene.opine(meeting_id, [case_id], OTHERS[:-1])
    with pytest.raises(Conflict) as refusal:
        scene.decide(meeting_id, case_id)
    assert refusal.value.code == "opinions-missing"
    assert refusal.value.details == {"members": [str(OTHERS[-1].id)]}
    scene.opine(meeting_id, [case_id], OTHERS[-1:])
    scene.decide(meeting_id, case_id)


def test_many_cases_are_decided_in_one_call_and_a_refused_one_stops_none(scene: Scene) -> None:
    ready = [scene.case() for _ in range(5)]
    silent = scene.case()
    meeting_id = scene.call(*ready, silent)
    scene.open(meeting_id)
    scene.opine(meeting_id, ready)
    outcome = decide_many(scene, meeting_id, *ready, silent)
    assert [decision.serial for decision in outcome.decided] == [1, 2, 3, 4, 5]
    assert {case_id: refusal.code for case_id, refusal in outcome.refused.items()} == {silent: "opinions-missing"}
    assert scene.state(silent) is CaseState.ON_AGENDA


def test_a_refused_decision_uses_no_number(scene: Scene) -> None:
    first, second = scene.case(), scene.case()
    meeting_id = scene.discussed(first, second)
    scene.decide(meeting_id, first)
    with pytest.raises(Refusal):
        scene.decide(meeting_id, first)
    scene.decide(meeting_id, second)
    assert scene.decision(second).serial == 2


def test_when_the_chair_is_recused_the_deputy_decides_for_the_chair(scene: Scene) -> None:
    case_id = scene.case(assessor_id=CHAIR.id, assessor_name=CHAIR.name)
    meeting_id = scene.call(case_id)
    scene.open(meeting_id)
    scene.opine(meeting_id, [case_id], [actor for actor in OTHERS if actor is not DEPUTY])
    with pytest.raises(Refusal) as refusal:
        scene.decide(meeting_id, case_id, by=CHAIR)
    assert refusal.value.code == "recused"
    scene.decide(meeting_id, case_id, by=DEPUTY)
    (fact,) = told(scene.database, CertificationDecided)
    assert (fact.decided_by, fact.acting_for_chair) == (DEPUTY.id, True)
    kept_out = json.loads(scene.decision(case_id).file)["recusals"]
    assert [(row["member_id"], row["ground"], row["automatic"]) for row in kept_out] == [
        (str(CHAIR.id), "assessor", True)
    ]


def test_without_a_deputy_a_case_of_a_recused_chair_waits(body: Scene) -> None:
    body.appoint(deputy=None)
    case_id = body.case(assessor_id=CHAIR.id)
    meeting_id = body.call(case_id)
    body.open(meeting_id)
    body.opine(meeting_id, [case_id])
    with pytest.raises(Conflict) as refusal:
        body.decide(meeting_id, case_id, by=DEPUTY)
    assert refusal.value.code == "no-decider"


def test_too_many_recused_members_leave_no_quorum(scene: Scene) -> None:
    chair, first, second, *_ = FIVE.values()
    case_id = scene.case(assessor_id=first.id, verifier_id=second.id)
    meeting_id = scene.call(case_id)
    scene.open(meeting_id, present=[chair, first, second, *OTHERS[2:3]])
    scene.opine(meeting_id, [case_id], OTHERS[2:3])
    with pytest.raises(Conflict) as refusal:
        scene.decide(meeting_id, case_id)
    assert refusal.value.code == "no-quorum"


def test_every_decision_is_in_the_audit_log_with_before_and_after(scene: Scene) -> None:
    case_id = scene.decided({UNITS[0]: BK})
    with scene.database.reading() as session:
        (row,) = session.query(AuditRow).filter_by(action="case:decide", subject=f"decision/{case_id}").all()
    assert row.actor_id == CHAIR.id
    assert row.before == {"state": "discussed", "units": {}}
    assert row.after is not None
    assert row.after["units"] == {UNITS[0]: "BK"}
