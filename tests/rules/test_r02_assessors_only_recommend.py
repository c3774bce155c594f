"""R2 (9.4): an assessor only recommends; no path lets an assessor set a decision."""

from uuid import uuid4

import pytest

from kompeten.demo import stages
from kompeten.demo.cast import Cast
from shared.contracts.assessment import AssessmentRecommended
from shared.contracts.decision import CertificationDecided
from tests.rules.playing import Candidate, Played, refused


@pytest.fixture(scope="module")
def candidate(played: Played) -> Candidate:
    return played.recommended("DUA CONTOH")


@pytest.fixture(scope="module")
def meeting(played: Played, candidate: Candidate) -> str:
    """A meeting with the candidate on its agenda, which is open."""
    staff, cast = played.cast["sekretariat"], played.cast
    at = stages.moment_at(cast.today, 13)
    called = staff.post("/decision/api/meetings", {"at": at, "place": "Contoh", "case_ids": [candidate.application]})
    staff.post(f"/decision/api/meetings/{called['id']}/open", {"present": [cast.ids[name] for name in cast.officers]})
    return str(called["id"])


def is_undecided(cast: Cast, candidate: Candidate) -> bool:
    return not cast["ketua"].get(f"/decision/api/cases/{candidate.application}")["decisions"]


@pytest.mark.parametrize("name", ["asesor", "asesor2"])
def test_neither_the_assessor_nor_another_decides_by_the_api(
    played: Played, candidate: Candidate, meeting: str, name: str
) -> None:
    path, assessor = f"/decision/api/meetings/{meeting}", played.cast[name]
    decision = {"case_id": candidate.application, "units": {}, "reason": "Contoh"}
    refused(lambda: assessor.post(f"{path}/decisions", {"decisions": [decision]}), "not-allowed")
    one = {"units": {}, "reason": "Contoh"}
    refused(lambda: assessor.post(f"{path}/cases/{candidate.application}/decision", one), "not-allowed")
    opinion = {"case_ids": [candidate.application], "opinion": "agrees", "note": ""}
    refused(lambda: assessor.post(f"{path}/opinions", opinion), "not-allowed")
    assert is_undecided(played.cast, candidate)


def test_the_assessor_decides_by_no_page(played: Played, candidate: Candidate, meeting: str) -> None:
    path = f"/decision/meetings/{meeting}"
    for address in (f"{path}/decisions", f"{path}/cases/{candidate.application}/decision", f"{path}/opinions"):
        answer = played.send_form("asesor", address, {"case_ids": candidate.application, "reason": "Contoh"})
        assert answer.status_code == 403, address
    assert is_undecided(played.cast, candidate)


def test_a_decision_that_the_assessment_stage_tells_is_believed_by_nobody(played: Played, candidate: Candidate) -> None:
    """A broken-into assessment service signs the decision of another case anew, for this candidate."""
    other = played.decided("DUA LAIN CONTOH")
    true = played.told("decision", CertificationDecided.type, other.application)
    said = true.model_dump_json().replace(other.application, candidate.application)
    lie = type(true).model_validate_json(said).model_copy(update={"id": uuid4()})
    for hearer in ("certificate", "registration"):
        played.forge("assessment", hearer, lie)
    assert [order["state"] for order in candidate.me.get("/certificate/api/mine")["orders"]] == ["candidate"]
    assert is_undecided(played.cast, candidate)


def test_a_recommendation_cannot_carry_a_decision() -> None:
    """What the assessment stage may tell has no field for it, and unknown ones are kept out."""
    assert not {"decision", "decided_at", "decree_number"} & set(AssessmentRecommended.model_fields)
