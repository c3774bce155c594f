"""R8 (9.9): a complaint's answer is approved by someone not involved in its subject.

The register of complaints is not built yet. What there is of it is tried here: who handles complaints sees nothing of a
case but by being named for a panel, and is not named where he or she had a part.
"""

import pytest

from kompeten.demo.client import Refused
from shared.contracts.involvement import RegistrationPeopleInvolved
from tests.rules.playing import Candidate, Played, refused, retell


@pytest.fixture(scope="module")
def candidate(played: Played) -> Candidate:
    played.hire("pengaduan3", "complaints_officer")
    return played.decided("DELAPAN CONTOH", played.judge_weak)


@pytest.fixture(scope="module")
def appeal(played: Played, candidate: Candidate) -> str:
    return played.appeal(candidate, played.weak)


def test_who_handles_complaints_reads_no_case_by_that_office(played: Played, candidate: Candidate, appeal: str) -> None:
    officer = played.cast["pengaduan3"]
    for path in (
        f"/registration/api/verification/{candidate.application}",
        candidate.case_path,
        f"/decision/api/cases/{candidate.application}",
        appeal,
    ):
        with pytest.raises(Refused) as caught:
            officer.get(path)
        assert caught.value.status in (403, 404), path
        assert candidate.person.name not in str(caught.value.problem)
        answer = played.read_page("pengaduan3", path.replace("/api", ""))
        assert answer.status_code in (403, 404), path
        assert candidate.person.name not in answer.text


def test_a_complaints_officer_with_a_part_in_the_case_hears_nothing_about_it(
    played: Played, candidate: Candidate, appeal: str
) -> None:
    """Involved as the stage that verifies tells; another service says so of a colleague, who stays free."""
    told = played.told("registration", RegistrationPeopleInvolved.type, candidate.application)
    played.forge("surveillance", "decision", retell(told, people=[played.cast.ids["pengaduan"]]))
    played.forge("registration", "decision", retell(told, people=[played.cast.ids["pengaduan3"]]))
    panel = [played.cast.ids[name] for name in ("pengaduan3", "wakil", "sekretariat2")]
    refused(lambda: played.cast["ketua"].post(f"{appeal}/panel", {"panel": panel}), "panel-not-impartial")
    played.send_form("ketua", f"{appeal.replace('/api', '')}/panel", {"panel": panel})
    assert not played.cast["ketua"].get(appeal)["panel"]
    offered = {line["id"] for line in played.cast["ketua"].get(f"{appeal}/candidates")["items"]}
    assert played.cast.ids["pengaduan3"] not in offered
    assert played.cast.ids["pengaduan"] in offered
