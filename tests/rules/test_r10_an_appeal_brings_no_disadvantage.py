"""R10 (9.8): an appeal brings no disadvantage: another assessor re-assesses, who does not see the appeal."""

import json

import pytest

from kompeten.demo import stages
from shared.contracts.decision import ReassessmentOrdered
from tests.rules.playing import Candidate, Played, refused, retell

REASONS = "Bukti saya belum dinilai"


@pytest.fixture(scope="module")
def candidate(played: Played) -> Candidate:
    return played.decided("SEPULUH CONTOH", played.judge_weak)


@pytest.fixture(scope="module")
def appeal(played: Played, candidate: Candidate) -> str:
    """Upheld by a panel with an assessor in it."""
    played.hire("penguji", "assessor")
    appeal = played.appeal(candidate, played.weak)
    played.name_panel(appeal, "penguji", "wakil", "pengaduan")
    stages.declare_impartial(played.cast, candidate.application, ("penguji", "wakil", "pengaduan"))
    for name in ("penguji", "wakil", "pengaduan"):
        played.cast[name].post(f"{appeal}/votes", {"vote": "uphold", "reasons": "Beralasan (contoh)"})
    played.cast["pengaduan"].post(f"{appeal}/outcome", {"reasons": "Banding dikabulkan (contoh)"})
    return appeal


@pytest.fixture(scope="module")
def case_path(played: Played, candidate: Candidate, appeal: str) -> str:
    case = stages.wait_for_case(played.cast, candidate.application, attempt=1)
    return f"/assessment/api/cases/{case['id']}"


@pytest.mark.parametrize("name", ["asesor", "penguji"])
def test_neither_the_first_assessor_nor_one_of_the_panel_assesses_again(
    played: Played, case_path: str, name: str
) -> None:
    head, body = played.cast["sertifikasi"], {"assessor_id": played.cast.assessors[name]}
    refused(lambda: head.post(f"{case_path}/assign", body), "assessor-excluded")
    played.send_form("sertifikasi", f"{case_path.replace('/api', '')}/assign", body)
    assert head.get(case_path)["state"] == "awaiting_assessor"


def test_an_order_told_twice_or_without_its_exclusions_lets_nobody_in(
    played: Played, candidate: Candidate, case_path: str
) -> None:
    """The order comes again; then a service that orders nothing tells it without the people who are kept out."""
    told = played.told("decision", ReassessmentOrdered.type, candidate.application)
    played.forge("decision", "assessment", retell(told, excluded_assessors=[], another_assessor=False))
    played.forge("certificate", "assessment", retell(told, excluded_assessors=[], another_assessor=False, attempt=2))
    lines = played.cast["sekretariat"].get("/assessment/api/cases", size=100)["items"]
    assert [one["attempt"] for one in lines if one["application_id"] == candidate.application and one["attempt"]] == [1]
    body = {"assessor_id": played.cast.assessors["asesor"]}
    refused(lambda: played.cast["sertifikasi"].post(f"{case_path}/assign", body), "assessor-excluded")


def test_the_new_assessor_sees_no_appeal(played: Played, candidate: Candidate, appeal: str, case_path: str) -> None:
    cast = played.cast
    stages.prepare_candidate(cast, candidate.me, case_path.rsplit("/", 1)[1], "asesor2")
    refused(lambda: cast["asesor2"].get(appeal), "appeal-unknown")
    page = played.read_page("asesor2", appeal.replace("/api", ""))
    assert page.status_code == 404
    assert played.read_page("asesor2", case_path.replace("/api", "")).status_code == 200
    shown = json.dumps(cast["asesor2"].get(case_path))
    for words in (shown, played.read_page("asesor2", case_path.replace("/api", "")).text):
        assert REASONS not in words
        assert appeal.rsplit("/", 1)[1] not in words
    assert "Beralasan" not in json.dumps(cast["asesor2"].get("/decision/api/recommendations"))


def test_a_dismissed_appeal_leaves_the_other_way_open(played: Played) -> None:
    candidate = played.decided("SEPULUH LAIN CONTOH", played.judge_weak)
    appeal = played.appeal(candidate, played.weak)
    played.name_panel(appeal, "penguji", "wakil", "pengaduan")
    stages.declare_impartial(played.cast, candidate.application, ("penguji", "wakil", "pengaduan"))
    for name in ("penguji", "wakil", "pengaduan"):
        played.cast[name].post(f"{appeal}/votes", {"vote": "dismiss", "reasons": "Tidak beralasan (contoh)"})
    played.cast["pengaduan"].post(f"{appeal}/outcome", {"reasons": "Banding ditolak (contoh)"})
    asked = {"units": [played.weak], "accepts": True}
    candidate.me.post(f"/decision/api/my/cases/{candidate.application}/reassessment", asked)
    assert stages.wait_for_case(played.cast, candidate.application, attempt=1)["id"]
