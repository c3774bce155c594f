"""R25: verifier, assessor and decision maker of one case are different persons, in whatever round."""

import pytest

from kompeten.demo import stages
from shared.contracts.registration import ApplicationAdmitted
from tests.rules.playing import Candidate, Played, refused, retell


@pytest.fixture(scope="module")
def candidate(played: Played) -> Candidate:
    """An officer who also works in the secretariat returned round 1; an assessor who does so judged round 2; a third
    person pressed "admit"."""
    played.gain_roles("umum", "secretariat")
    played.gain_roles("asesor2", "secretariat")
    candidate, cast = played.filed("DUALIMA CONTOH"), played.cast
    path = f"/registration/api/verification/{candidate.application}"
    played.return_file("umum", candidate)
    items = [line["item"] for line in cast["umum"].get(path)["items"]]
    good = [{"item": item, "verdict": "adequate", "reason": ""} for item in items]
    cast["asesor2"].put(f"{path}/items", {"items": good})
    cast["sekretariat"].post(f"{path}/admit")
    stages.assess_oneself(cast, candidate.me, candidate.person, candidate.application)
    candidate.case = stages.wait_for_case(cast, candidate.application)["id"]
    return candidate


def test_who_judged_an_item_while_another_admitted_does_not_assess(played: Played, candidate: Candidate) -> None:
    body = {"assessor_id": played.cast.assessors["asesor2"]}
    refused(lambda: played.cast["sertifikasi"].post(f"{candidate.case_path}/assign", body), "assessor-is-verifier")
    page = f"/assessment/cases/{candidate.case}/assign"
    played.send_form("sertifikasi", page, {"assessor_id": played.cast.assessors["asesor2"]})
    assert played.cast["sekretariat"].get(candidate.case_path)["state"] == "awaiting_assessor"


def test_a_forged_admission_by_another_person_clears_nobody(played: Played, candidate: Candidate) -> None:
    """A service that does not verify says that somebody else did it all."""
    told = played.told("registration", ApplicationAdmitted.type, candidate.application)
    played.forge("surveillance", "assessment", retell(told, verifier_id=played.cast.ids["pengaduan"]))
    body = {"assessor_id": played.cast.assessors["asesor2"]}
    refused(lambda: played.cast["sertifikasi"].post(f"{candidate.case_path}/assign", body), "assessor-is-verifier")


def test_who_assesses_verifies_no_later_round(played: Played) -> None:
    """Returned by the assessor, who also works in the secretariat: the new round is for somebody else."""
    played.gain_roles("asesor2", "secretariat")
    candidate, cast = played.waiting_for_assessor("DUALIMA LAIN CONTOH"), played.cast
    stages.prepare_candidate(cast, candidate.me, candidate.case, "asesor2")
    cast["sertifikasi"].post(f"{candidate.case_path}/release", {"reason": "Berhalangan (contoh)"})
    stages.prepare_candidate(cast, candidate.me, candidate.case, "asesor")
    path = f"/registration/api/verification/{candidate.application}"
    before = cast["sekretariat"].get(path)
    finding = {"items": [{"item": "personal", "verdict": "adequate", "reason": ""}]}
    refused(lambda: cast["asesor2"].put(f"{path}/items", finding), "verifier-involved")
    assert cast["sekretariat"].get(path) == before


def test_who_returned_the_first_round_does_not_decide(played: Played, candidate: Candidate) -> None:
    cast = played.cast
    stages.prepare_candidate(cast, candidate.me, candidate.case, "asesor")
    stages.assess_candidate(cast, candidate.me, candidate.case, "asesor")
    meeting = played.open_meeting(candidate)
    opinion = {"case_ids": [candidate.application], "opinion": "agrees", "note": ""}
    refused(lambda: cast["umum"].post(f"{meeting}/opinions", opinion), "recused")
    page = f"{meeting.replace('/api', '')}/cases/{candidate.application}/opinion"
    played.send_form("umum", page, {"opinion": "agrees", "note": ""})
    assert played.find_recused(candidate)[cast.ids["umum"]] == "verifier"
    assert cast.ids["umum"] not in {line["member_id"] for line in played.show_case(candidate)["opinions"]}
