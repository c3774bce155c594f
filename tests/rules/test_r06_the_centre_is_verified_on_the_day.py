"""R6 (6.3): on the day the assessment centre's verification is valid for the scheme."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from kompeten.demo import stages
from kompeten.demo.cast import SCHEME
from tests.rules.playing import Candidate, Played, refused, refused_post


def describe(played: Played, **changed: Any) -> dict[str, Any]:
    until = (played.cast.today + timedelta(days=100)).isoformat()
    centre = {"name": "TUK Enam Contoh", "kind": "sewaktu", "address": "Jl. Contoh 6", "verified_until": until}
    return {**centre, "schemes": [SCHEME], "capacity": 10, "active": True, **changed}


@pytest.fixture(scope="module")
def centre(played: Played) -> str:
    return str(played.cast["sertifikasi"].post("/assessment/api/centres", describe(played))["id"])


@pytest.fixture(scope="module")
def candidate(played: Played, centre: str) -> Candidate:
    played.hire("penilai", "assessor")
    candidate = played.waiting_for_assessor("ENAM CONTOH")
    stages.prepare_candidate(played.cast, candidate.me, candidate.case, "penilai")
    return candidate


def change(played: Played, centre: str, **changed: Any) -> None:
    played.cast["sertifikasi"].put(f"/assessment/api/centres/{centre}", describe(played, **changed))


@pytest.fixture(autouse=True)
def _verified_again(played: Played, centre: str) -> Iterator[None]:
    yield
    change(played, centre)


def faults(played: Played) -> list[tuple[str, dict[str, Any]]]:
    yesterday = (played.cast.today - timedelta(days=1)).isoformat()
    return [
        ("centre-verification-expired", {"verified_until": yesterday}),
        ("centre-scheme", {"schemes": ["promosi-perpustakaan"]}),
        ("centre-inactive", {"active": False}),
    ]


def state(played: Played, candidate: Candidate) -> str:
    return str(played.cast["sekretariat"].get(candidate.case_path)["state"])


def test_nobody_is_seated_in_a_centre_that_is_not_verified(played: Played, centre: str, candidate: Candidate) -> None:
    """A sitting planned while it was; the candidates come afterwards, by API and page."""
    staff, today = played.cast["sekretariat"], played.cast.today
    slot = {"starts_at": stages.moment_at(today, 22), "ends_at": stages.moment_at(today, 23), "note": ""}
    sitting = staff.post("/assessment/api/sittings", {"centre_id": centre, **slot})["id"]
    for code, changed in faults(played):
        change(played, centre, **changed)
        path, body = f"/assessment/api/sittings/{sitting}/cases", {"case_ids": [candidate.case]}
        refused_post(staff, path, body, code)
        played.send_form("sekretariat", f"/assessment/sittings/{sitting}/cases", body)
        assert state(played, candidate) == "agreed"


def test_nothing_is_recorded_or_recommended_once_the_verification_ended(
    played: Played, centre: str, candidate: Candidate
) -> None:
    played.be_seated(candidate, "penilai", centre)
    expert, path = played.cast["penilai"], candidate.case_path
    for act in ("record", "recommendation"):
        before = state(played, candidate)
        for code, changed in faults(played):
            change(played, centre, **changed)
            if act == "record":
                refused(lambda: expert.put(f"{path}/record", played.judge_all()), code)
            else:
                refused(lambda: expert.post(f"{path}/recommendation", played.recommend_all()), code)
            assert state(played, candidate) == before
        change(played, centre)
        if act == "record":
            expert.put(f"{path}/record", played.judge_all())
    expert.post(f"{path}/recommendation", played.recommend_all())
    assert state(played, candidate) == "recommended"
