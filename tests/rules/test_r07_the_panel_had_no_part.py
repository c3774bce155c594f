"""R7 (9.8): the appeal panel holds none of the assessor, the decision makers, the verifier of the case."""

import pytest

from kompeten.demo import stages
from shared.contracts.involvement import RegistrationPeopleInvolved
from tests.rules.playing import Candidate, Played, refused, refused_post, retell

PANEL = ("sekretariat3", "wakil", "pengaduan")


@pytest.fixture(scope="module")
def candidate(played: Played) -> Candidate:
    """BK in one unit; one person returned round 1, and an assessor pre-assessed and was released."""
    played.hire("sekretariat3", "secretariat")
    candidate, cast = played.filed("TUJUH CONTOH"), played.cast
    played.return_file("sekretariat2", candidate)
    stages.verify_items(cast, candidate.application)
    stages.assess_oneself(cast, candidate.me, candidate.person, candidate.application)
    candidate.case = stages.wait_for_case(cast, candidate.application)["id"]
    stages.prepare_candidate(cast, candidate.me, candidate.case, "asesor2")
    cast["sertifikasi"].post(f"{candidate.case_path}/release", {"reason": "Berhalangan (contoh)"})
    stages.prepare_candidate(cast, candidate.me, candidate.case, "asesor")
    stages.assess_candidate(cast, candidate.me, candidate.case, "asesor", played.judge_weak)
    stages.hold_meeting(cast, candidate.application)
    return candidate


@pytest.fixture(scope="module")
def appeal(played: Played, candidate: Candidate) -> str:
    return played.appeal(candidate, played.weak)


def list_seated(played: Played, appeal: str) -> set[str]:
    return {line["account_id"] for line in played.cast["ketua"].get(appeal)["panel"] if not line["declined_at"]}


@pytest.mark.parametrize("name", ["asesor", "asesor2", "sekretariat", "sekretariat2", "mutu", "ketua"])
def test_nobody_with_a_part_in_the_case_is_seated_or_offered(played: Played, appeal: str, name: str) -> None:
    """The assessor, the released pre-assessor, the verifiers of both rounds, a member of the meeting, the chair."""
    cast = played.cast
    panel = [cast.ids[one] for one in (name, "wakil", "pengaduan")]
    refused(lambda: cast["ketua"].post(f"{appeal}/panel", {"panel": panel}), "panel-not-impartial")
    played.send_form("ketua", f"{appeal.replace('/api', '')}/panel", {"panel": panel})
    assert not list_seated(played, appeal)
    assert cast.ids[name] not in {line["id"] for line in cast["ketua"].get(f"{appeal}/candidates")["items"]}


def test_nobody_but_chair_and_quality_names_the_panel(played: Played, appeal: str) -> None:
    for name in ("sertifikasi", "sekretariat", "asesor"):
        panel = {"panel": [played.cast.ids[one] for one in PANEL]}
        refused_post(played.cast[name], f"{appeal}/panel", panel, "not-allowed")
    assert not list_seated(played, appeal)


def test_a_part_told_after_the_panel_was_named_takes_the_vote(
    played: Played, candidate: Candidate, appeal: str
) -> None:
    """Late from the service that verifies; what another service says of it takes nobody's."""
    played.name_panel(appeal, *PANEL)
    told = played.told("registration", RegistrationPeopleInvolved.type, candidate.application)
    played.forge("surveillance", "decision", retell(told, people=[played.cast.ids["wakil"]]))
    played.forge("registration", "decision", retell(told, people=[played.cast.ids["sekretariat3"]]))
    vote = {"vote": "uphold", "reasons": "Beralasan (contoh)"}
    stages.declare_impartial(played.cast, candidate.application, ["wakil", "pengaduan"])
    refused(lambda: played.cast["sekretariat3"].post(f"{appeal}/votes", vote), "panel-not-impartial")
    played.cast["wakil"].post(f"{appeal}/votes", vote)
    played.cast["pengaduan"].post(f"{appeal}/votes", vote)
    refused(lambda: played.cast["pengaduan"].post(f"{appeal}/outcome", {"reasons": "Contoh"}), "panel-not-impartial")
    voted = {line["account_id"] for line in played.cast["ketua"].get(appeal)["panel"] if line["vote"]}
    assert voted == {played.cast.ids["wakil"], played.cast.ids["pengaduan"]}


def test_who_stepped_down_is_not_seated_again(played: Played, appeal: str) -> None:
    played.cast["pengaduan"].post(f"{appeal}/step-down", {"reason": "Kerabat pemohon (contoh)"})
    panel = {"panel": [played.cast.ids[one] for one in PANEL]}
    refused(lambda: played.cast["ketua"].post(f"{appeal}/panel", panel), "stepped-down", "panel-not-impartial")
    assert played.cast.ids["pengaduan"] not in list_seated(played, appeal)
