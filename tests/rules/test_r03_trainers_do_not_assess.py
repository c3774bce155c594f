"""R3 (5.2): an assessor does not assess someone he or she trained in the last 2 years."""

from datetime import date, timedelta
from typing import Any

import pytest

from shared.contracts.assessment import AssessorBlocked, AssessorCleared
from tests.rules.playing import Candidate, Played, refused, retell

NO_TIES = dict.fromkeys(("family", "superior_or_subordinate", "same_work_unit", "trainer"), False)


@pytest.fixture(scope="module")
def candidate(played: Played) -> Candidate:
    for name in ("pelatih", "pelatih2", "pelatih3"):
        played.hire(name, "assessor")
    return played.waiting_for_assessor("TIGA CONTOH")


def two_years_before(day: date) -> date:
    return day.replace(year=day.year - 2, day=min(day.day, 28))


def declare(played: Played, candidate: Candidate, name: str, trained_on: date) -> Any:
    played.cast["sertifikasi"].post(f"{candidate.case_path}/assign", {"assessor_id": played.cast.assessors[name]})
    body = {**NO_TIES, "trained_on": trained_on.isoformat(), "note": ""}
    return played.cast[name].post(f"{candidate.case_path}/declaration", body)


def find_assessor(played: Played, candidate: Candidate) -> Any:
    return played.cast["sekretariat"].get(candidate.case_path)["assessor_id"]


def test_a_trainer_of_two_years_ago_to_the_day_is_out_for_good(played: Played, candidate: Candidate) -> None:
    """The last day still counts; afterwards the same person can't be assigned, by API or page."""
    assert not declare(played, candidate, "pelatih", two_years_before(played.cast.today))["cleared"]
    body = {"assessor_id": played.cast.assessors["pelatih"]}
    refused(lambda: played.cast["sertifikasi"].post(f"{candidate.case_path}/assign", body), "assessor-conflict")
    played.send_form("sertifikasi", f"/assessment/cases/{candidate.case}/assign", body)
    assert find_assessor(played, candidate) is None


def test_a_clearing_that_another_service_tells_gives_the_trainer_no_file(played: Played, candidate: Candidate) -> None:
    blocked = played.told("assessment", AssessorBlocked.type, candidate.application)
    lie = retell(blocked).model_copy(update={"type": AssessorCleared.type, "sequence": blocked.sequence + 1})
    played.forge("decision", "registration", lie)
    path = f"/registration/api/applications/{candidate.application}/documents"
    document = candidate.me.get(path)[0]["id"]
    refused(
        lambda: played.cast["pelatih"].download(f"/registration/api/documents/{document}"),
        "document-unknown", "not-allowed", "application-unknown",
    )  # fmt: skip


def test_a_training_on_a_day_to_come_hides_nothing(played: Played, candidate: Candidate) -> None:
    ahead = played.cast.today + timedelta(days=1)
    refused(lambda: declare(played, candidate, "pelatih2", ahead), "declaration-date")
    page = f"/assessment/cases/{candidate.case}/declaration"
    answers = dict.fromkeys(NO_TIES, "false")
    played.send_form("pelatih2", page, {**answers, "trained_on": ahead.isoformat(), "note": ""})
    seen = played.cast["pelatih2"].get(candidate.case_path)
    assert (seen["state"], seen["file"]) == ("assigned", None)
    tie = {**answers, "trained_on": (played.cast.today - timedelta(days=400)).isoformat(), "note": ""}
    played.send_form("pelatih2", page, tie)
    assert find_assessor(played, candidate) is None


def test_who_trained_longer_ago_may(played: Played, candidate: Candidate) -> None:
    """So that the refusals above are about the two years."""
    assert declare(played, candidate, "pelatih3", two_years_before(played.cast.today) - timedelta(days=5))["cleared"]
    assert find_assessor(played, candidate) == played.cast.ids["pelatih3"]
