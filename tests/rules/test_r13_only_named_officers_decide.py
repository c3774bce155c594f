"""R13 (4.2, 9.4): only the named officers decide, the deputy for a recused chair; no single hand makes a chair."""

from datetime import timedelta
from typing import Any

import pytest

from kompeten.demo import stages
from tests.rules.playing import Candidate, Played, refused


@pytest.fixture(scope="module")
def candidate(played: Played) -> Candidate:
    return played.recommended("TIGABELAS CONTOH")


@pytest.fixture(scope="module")
def meeting(played: Played, candidate: Candidate) -> str:
    """An open meeting whose chair keeps out of the case, the others having spoken."""
    meeting = played.open_meeting(candidate)
    conflict = {"ground": "family", "reason": "Saudara sepupu (contoh)"}
    played.cast["ketua"].post(f"{meeting}/cases/{candidate.application}/recusals", conflict)
    for name in ("sertifikasi", "mutu", "standardisasi"):
        played.speak(name, meeting, candidate)
    return meeting


def list_offices(played: Played) -> list[tuple[str, str, str]]:
    items = played.cast.admin.get("/decision/api/appointments")["items"]
    return sorted((line["office"], line["account_id"], line["until"]) for line in items)


def find_chair(played: Played) -> dict[str, Any]:
    items = played.cast.admin.get("/decision/api/appointments")["items"]
    chair: dict[str, Any] = next(line for line in items if line["office"] == "chair")
    return chair


def test_the_administrator_alone_ends_no_term(played: Played) -> None:
    """Proposed by one hand; the same hand, and whom it concerns, confirm nothing, by API and by page."""
    before, admin, today = list_offices(played), played.cast.admin, played.cast.today.isoformat()
    path = f"/decision/api/appointments/{find_chair(played)['id']}/end-proposals"
    proposal = admin.post(path, {"until": today})["id"]
    confirm = f"/decision/api/appointments/proposals/{proposal}/confirm"
    refused(lambda: admin.post(confirm), "not-allowed")
    refused(lambda: played.cast["ketua"].post(confirm), "proposal-concerns-self")
    played.send_form("ketua", f"/decision/officers/proposals/{proposal}/confirm", {})
    played.send_form("sekretariat", f"/decision/officers/proposals/{proposal}/confirm", {})
    assert list_offices(played) == before
    played.cast["mutu"].post(f"/decision/api/appointments/proposals/{proposal}/refuse", {"reason": "Tidak (contoh)"})
    refused(lambda: played.cast["umum"].post(confirm), "proposal-answered")
    assert list_offices(played) == before


def test_an_office_that_is_filled_is_not_filled_twice(played: Played) -> None:
    before = list_offices(played)
    played.gain_roles("wakil", "chair")
    until = (played.cast.today + timedelta(days=30)).isoformat()
    body = {"account_id": played.cast.ids["wakil"], "since": played.cast.today.isoformat(), "until": until}
    path = "/decision/api/appointments/proposals"
    refused(lambda: played.cast.admin.post(path, {"office": "chair", **body}), "office-taken")
    holders = [{"office": "chair", "account_id": played.cast.ids["wakil"]}]
    first = {"holders": holders, "since": body["since"], "until": until}
    refused(lambda: played.cast.admin.post("/decision/api/trial/officers", first), "officers-in-office")
    assert list_offices(played) == before


def test_the_role_of_a_chair_without_the_office_decides_nothing(
    played: Played, candidate: Candidate, meeting: str
) -> None:
    played.gain_roles("wakil", "chair")
    refused(lambda: played.decide("wakil", meeting, candidate), "not-member", "not-decider", "not-named-officer")
    page = f"{meeting.replace('/api', '')}/cases/{candidate.application}/decision"
    played.send_form("wakil", page, {"reason": "Contoh"})
    assert not played.show_case(candidate)["decisions"]


def test_a_recused_chair_and_an_officer_who_is_not_the_deputy_decide_nothing(
    played: Played, candidate: Candidate, meeting: str
) -> None:
    refused(lambda: played.decide("ketua", meeting, candidate), "recused")
    refused(lambda: played.decide("sertifikasi", meeting, candidate), "not-decider")
    page = f"{meeting.replace('/api', '')}/decisions"
    for name in ("ketua", "mutu"):
        played.send_form(name, page, {"case_ids": candidate.application, "reason": "Contoh"})
    assert not played.show_case(candidate)["decisions"]
    refused(lambda: played.decide("umum", meeting, candidate), "declaration-missing")
    stages.declare_impartial(played.cast, candidate.application, ["umum"])
    decided = played.decide("umum", meeting, candidate)
    assert decided["acting_for_chair"]
    assert decided["decided_by"] == played.cast.ids["umum"]
    refused(lambda: played.decide("umum", meeting, candidate), "case-state", "case-decided", "item-state")
    assert len(played.show_case(candidate)["decisions"]) == 1
