"""R9 (9.8, 9.9): receipt, progress, outcome and formal end of an appeal are told, each with its time."""

from datetime import timedelta
from typing import Any

import pytest

from kompeten.demo import stages
from kompeten.demo.client import Refused
from shared import clock
from shared.contracts.decision import AppealDecided, AppealReceived
from tests.rules.playing import Candidate, Played, refused, refused_post, retell

PANEL = ("sekretariat2", "wakil", "pengaduan")


@pytest.fixture(scope="module")
def candidate(played: Played) -> Candidate:
    return played.decided("SEMBILAN CONTOH", played.judge_weak)


def own_path(candidate: Candidate) -> str:
    return f"/decision/api/my/cases/{candidate.application}"


def show_own(candidate: Candidate) -> dict[str, Any]:
    shown: dict[str, Any] = candidate.me.get(own_path(candidate))["decisions"][0]["appeal"]
    return shown


@pytest.fixture(scope="module")
def appeal(played: Played, candidate: Candidate) -> str:
    return played.appeal(candidate, played.weak)


def test_receipt_is_acknowledged_at_once_and_once(played: Played, candidate: Candidate, appeal: str) -> None:
    steps = show_own(candidate)["steps"]
    assert [step["step"] for step in steps] == ["received", "acknowledged"]
    assert all(step["at"] for step in steps)
    body = {"units": [played.weak], "reasons": "Sekali lagi (contoh)"}
    with pytest.raises(Refused) as caught:
        candidate.me.post(f"{own_path(candidate)}/appeal", body)
    assert caught.value.status == 409
    played.forge(
        "decision", "registration", retell(played.told("decision", AppealReceived.type, candidate.application))
    )
    assert show_own(candidate)["steps"] == steps


def test_no_vote_and_no_outcome_without_reasons(played: Played, candidate: Candidate, appeal: str) -> None:
    played.name_panel(appeal, *PANEL)
    for reasons in ("", " \u200b "):
        for name in PANEL:
            vote = {"vote": "dismiss", "reasons": reasons}
            refused_post(played.cast[name], f"{appeal}/votes", vote, "invalid-input")
    refused(
        lambda: played.cast["pengaduan"].post(f"{appeal}/outcome", {"reasons": "Ditolak (contoh)"}), "votes-missing"
    )
    stages.declare_impartial(played.cast, candidate.application, PANEL)
    for name in PANEL:
        played.cast[name].post(f"{appeal}/votes", {"vote": "dismiss", "reasons": "Tidak beralasan (contoh)"})
    refused(lambda: played.cast["pengaduan"].post(f"{appeal}/outcome", {"reasons": " "}), "invalid-input")
    played.send_form("pengaduan", f"{appeal.replace('/api', '')}/outcome", {"reasons": ""})
    assert show_own(candidate)["state"] == "in_review"


def test_an_outcome_that_another_service_tells_ends_nothing(played: Played, candidate: Candidate, appeal: str) -> None:
    told = played.told("decision", AppealReceived.type, candidate.application)
    said = {"upheld": True, "reasons": "Dikabulkan (contoh)", "decided_at": told.time.isoformat()}
    lie = retell(told, **said).model_copy(update={"type": AppealDecided.type, "sequence": told.sequence + 9})
    before = candidate.me.get(f"/registration/api/applications/{candidate.application}")["timeline"]
    played.forge("assessment", "registration", lie)
    assert candidate.me.get(f"/registration/api/applications/{candidate.application}")["timeline"] == before
    assert show_own(candidate)["state"] == "in_review"


def test_an_appeal_too_late_is_refused_with_its_limit(played: Played) -> None:
    late = played.decided("SEMBILAN TELAT CONTOH", played.judge_weak)
    clock.set_ahead(int(timedelta(days=200).total_seconds()))
    me = played.cast.nobody.signed_in(late.person.email, f"sandi acak {late.person.email}")
    body = {"units": [played.weak], "reasons": "Terlambat (contoh)"}
    problem = refused(lambda: me.post(f"{own_path(late)}/appeal", body), "appeal-too-late", "case-state").problem
    assert problem["detail"]
    assert me.get(own_path(late))["decisions"][0]["appeal"] is None
