"""R1 (9.4): a decision maker has neither assessed nor trained the candidate; conflicted members are recused."""

from uuid import uuid4

import pytest

from kompeten.demo import stages
from shared.contracts.involvement import AssessmentPeopleInvolved
from tests.rules.playing import Candidate, Played, refused, retell

NO_TIES = dict.fromkeys(("family", "superior_or_subordinate", "same_work_unit", "trainer"), False)


@pytest.fixture(scope="module")
def candidate(played: Played) -> Candidate:
    """Assessed by the first assessor, after one officer pre-assessed and was released, and another declared family."""
    played.gain_roles("mutu", "assessor")
    played.gain_roles("standardisasi", "assessor")
    candidate, cast = played.waiting_for_assessor("SATU CONTOH"), played.cast
    path, head = candidate.case_path, cast["sertifikasi"]
    head.post(f"{path}/assign", {"assessor_id": cast.assessors["standardisasi"]})
    tie = {**NO_TIES, "family": True, "trained_on": None, "note": ""}
    assert not cast["standardisasi"].post(f"{path}/declaration", tie)["cleared"]
    stages.prepare_candidate(cast, candidate.me, candidate.case, "mutu")
    head.post(f"{path}/release", {"reason": "Berhalangan pada hari asesmen (contoh)"})
    stages.prepare_candidate(cast, candidate.me, candidate.case, "asesor")
    stages.assess_candidate(cast, candidate.me, candidate.case, "asesor")
    return candidate


@pytest.fixture(scope="module")
def meeting(played: Played, candidate: Candidate) -> str:
    return played.open_meeting(candidate)


def find_speakers(played: Played, candidate: Candidate) -> set[str]:
    return {line["member_id"] for line in played.show_case(candidate)["opinions"]}


def test_a_released_pre_assessor_cannot_sit_in_that_persons_meeting(
    played: Played, candidate: Candidate, meeting: str
) -> None:
    opinion = {"case_ids": [candidate.application], "opinion": "agrees", "note": ""}
    refused(lambda: played.cast["mutu"].post(f"{meeting}/opinions", opinion), "recused")
    assert played.find_recused(candidate)[played.cast.ids["mutu"]] == "assessor"
    assert played.cast.ids["mutu"] not in find_speakers(played, candidate)


def test_who_declared_family_and_was_blocked_as_assessor_cannot_speak_by_the_page(
    played: Played, candidate: Candidate, meeting: str
) -> None:
    path = meeting.replace("/api", "") + f"/cases/{candidate.application}/opinion"
    played.send_form("standardisasi", path, {"opinion": "agrees", "note": ""})
    assert played.find_recused(candidate)[played.cast.ids["standardisasi"]] == "tied"
    assert played.cast.ids["standardisasi"] not in find_speakers(played, candidate)


def test_the_conflicted_do_not_make_up_the_quorum(played: Played, candidate: Candidate, meeting: str) -> None:
    """Four are present, but only two of them count: the chair decides nothing."""
    staff, who = played.cast["sekretariat"], {"account_id": played.cast.ids["umum"]}
    staff.post(f"{meeting}/attendance", {**who, "present": False})
    body = {"units": {}, "reason": "Contoh"}
    path = f"{meeting}/cases/{candidate.application}/decision"
    refused(lambda: played.cast["ketua"].post(path, body), "no-quorum")
    staff.post(f"{meeting}/attendance", {**who, "present": True})
    assert not played.show_case(candidate)["decisions"]


def test_a_part_that_is_told_late_ends_the_say_of_who_sits_already(
    played: Played, candidate: Candidate, meeting: str
) -> None:
    """The assessment stage tells of another pre-assessor when the meeting is already open; twice, and then a lie."""
    told = played.told("assessment", AssessmentPeopleInvolved.type, candidate.application)
    lie = retell(told, people=[played.cast.ids["sertifikasi"]], part="assessed")
    played.forge("certificate", "decision", lie)
    late = retell(told, people=[played.cast.ids["umum"]], part="pre_assessed")
    played.forge("assessment", "decision", late)
    played.forge("assessment", "decision", late.model_copy(update={"id": uuid4()}))
    opinion = {"case_ids": [candidate.application], "opinion": "agrees", "note": ""}
    refused(lambda: played.cast["umum"].post(f"{meeting}/opinions", opinion), "recused")
    played.cast["sekretariat"].post(f"{meeting}/attendance", {"account_id": played.cast.ids["umum"], "present": True})
    known = played.find_recused(candidate)
    assert known[played.cast.ids["umum"]] == "assessor"
    assert played.cast.ids["sertifikasi"] not in known


def test_who_keeps_out_once_keeps_out_of_the_next_meeting(played: Played, candidate: Candidate, meeting: str) -> None:
    conflict = {"ground": "family", "reason": "Saudara sepupu (contoh)"}
    played.cast["sertifikasi"].post(f"{meeting}/cases/{candidate.application}/recusals", conflict)
    played.cast["sekretariat"].post(f"{meeting}/close", {"note": ""})
    again = played.open_meeting(candidate)
    item = played.cast["sekretariat"].get(again)["items"][0]
    ids = played.cast.ids
    assert {line["member_id"] for line in item["recusals"]} >= {ids[name] for name in ("mutu", "umum", "sertifikasi")}
    opinion = {"case_ids": [candidate.application], "opinion": "agrees", "note": ""}
    refused(lambda: played.cast["sertifikasi"].post(f"{again}/opinions", opinion), "recused")
