"""R5 (6.2): on the day the assessor's MET registration is valid and covers the scheme."""

from datetime import timedelta
from typing import Any

import pytest

from kompeten.demo import stages
from kompeten.demo.cast import SCHEME
from tests.rules.playing import Candidate, Played, refused, refused_post


@pytest.fixture(scope="module")
def candidate(played: Played) -> Candidate:
    """In a sitting that has begun, with an assessor whose registration was valid up to here."""
    played.hire("ahli", "assessor")
    candidate = played.waiting_for_assessor("LIMA CONTOH")
    stages.prepare_candidate(played.cast, candidate.me, candidate.case, "ahli")
    played.be_seated(candidate, "ahli")
    return candidate


def register(played: Played, **changed: Any) -> None:
    """Change the registration, all of it being valid otherwise."""
    path = f"/assessment/api/assessors/{played.cast.assessors['ahli']}"
    until = (played.cast.today + timedelta(days=100)).isoformat()
    body = {"met_number": "MET.000.009999", "valid_until": until, "schemes": [SCHEME], "active": True}
    played.cast["sertifikasi"].put(path, {**body, **changed})


@pytest.fixture(autouse=True)
def _valid_again(played: Played, candidate: Candidate) -> Any:
    yield
    register(played)


def state(played: Played, candidate: Candidate) -> str:
    return str(played.cast["sekretariat"].get(candidate.case_path)["state"])


def faults(played: Played) -> list[tuple[str, dict[str, Any]]]:
    yesterday = (played.cast.today - timedelta(days=1)).isoformat()
    return [
        ("assessor-registration-expired", {"valid_until": yesterday}),
        ("assessor-scheme", {"schemes": ["promosi-perpustakaan"]}),
        ("assessor-inactive", {"active": False}),
    ]


def test_nothing_is_recorded_with_a_registration_that_ended_after_readiness(
    played: Played, candidate: Candidate
) -> None:
    path, before = f"{candidate.case_path}/record", state(played, candidate)
    for code, changed in faults(played):
        register(played, **changed)
        refused(lambda: played.cast["ahli"].put(path, played.judge_all()), code)
        assert state(played, candidate) == before


def test_no_page_records_it_either(played: Played, candidate: Candidate) -> None:
    before = state(played, candidate)
    register(played, valid_until=(played.cast.today - timedelta(days=1)).isoformat())
    fields = {
        f"judgements-{at}-{key}": value
        for at, row in enumerate(played.judge_all()["judgements"])
        for key, value in row.items()
    }
    played.send_form("ahli", f"/assessment/cases/{candidate.case}/record", fields)
    assert state(played, candidate) == before


def test_nothing_is_recommended_with_a_registration_that_ended_after_the_record(
    played: Played, candidate: Candidate
) -> None:
    played.cast["ahli"].put(f"{candidate.case_path}/record", played.judge_all())
    before = state(played, candidate)
    for code, changed in faults(played):
        register(played, **changed)
        path, body = f"{candidate.case_path}/recommendation", played.recommend_all()
        refused_post(played.cast["ahli"], path, body, code)
        assert state(played, candidate) == before


def test_who_is_not_registered_for_the_day_is_not_assigned(played: Played, candidate: Candidate) -> None:
    other = played.waiting_for_assessor("LIMA LAIN CONTOH")
    for code, changed in faults(played):
        register(played, **changed)
        body = {"assessor_id": played.cast.assessors["ahli"]}
        refused_post(played.cast["sertifikasi"], f"{other.case_path}/assign", body, code)
        played.send_form("sertifikasi", f"/assessment/cases/{other.case}/assign", body)
    register(played)
    late = {
        "assessor_id": played.cast.assessors["ahli"],
        "planned_on": (played.cast.today + timedelta(days=150)).isoformat(),
    }
    refused(lambda: played.cast["sertifikasi"].post(f"{other.case_path}/assign", late), "assessor-registration-expired")
    assert state(played, other) == "awaiting_assessor"
