"""R12 (9.4): a decision rests on the file as it stood, frozen with its hash; later changes are new versions."""

import json
from typing import Any

import pytest

from kompeten.demo import samples, stages
from services.decision.domain.freezing import hash_text, write_canonical_json
from shared.contracts.assessment import AssessmentRecommended
from shared.contracts.registration import SelfAssessmentSubmitted
from tests.rules.playing import Candidate, Played, refused, retell


@pytest.fixture(scope="module")
def candidate(played: Played) -> Candidate:
    return played.decided("DUABELAS CONTOH")


def read_frozen(played: Played, candidate: Candidate) -> dict[str, Any]:
    decision = played.show_case(candidate)["decisions"][-1]["id"]
    frozen: dict[str, Any] = played.cast["mutu"].get(f"/decision/api/decisions/{decision}/file")
    return frozen


def test_the_frozen_file_is_what_its_hash_says(played: Played, candidate: Candidate) -> None:
    frozen = read_frozen(played, candidate)
    assert hash_text(frozen["file"]) == frozen["sha256"]
    assert write_canonical_json(json.loads(frozen["file"])) == frozen["file"]
    assert played.show_case(candidate)["decisions"][0]["file_hash"] == frozen["sha256"]


def test_the_applicant_changes_nothing_of_it_afterwards(played: Played, candidate: Candidate) -> None:
    """The form, the documents, the claims: by API, by page and as a file."""
    before, path = read_frozen(played, candidate), f"/registration/api/applications/{candidate.application}"
    documents = candidate.me.get(f"{path}/documents")
    form = samples.fill_form(candidate.person, samples.SLTA, [])
    codes = ("form-closed", "self-assessment-not-open", "documents-closed")
    refused(lambda: candidate.me.put(path, {"form": form}), *codes)
    paper = ("lain.pdf", samples.make_paper("Ijazah lain"), "application/pdf")
    refused(lambda: candidate.me.upload(f"{path}/documents", {"kind": "diploma", "title": "Lain"}, *paper), *codes)
    refused(lambda: candidate.me.put(f"{path}/self-assessment", {"claims": []}), *codes)
    refused(lambda: stages.assess_oneself(played.cast, candidate.me, candidate.person, candidate.application), *codes)
    assert candidate.me.get(f"{path}/documents") == documents
    assert read_frozen(played, candidate) == before


def test_what_other_stages_tell_late_changes_nothing_of_it(played: Played, candidate: Candidate) -> None:
    """The recommendation comes again with BK and another hash, and the whole file with others."""
    before, decided = read_frozen(played, candidate), played.show_case(candidate)["decisions"]
    told = played.told("assessment", AssessmentRecommended.type, candidate.application)
    units = [{**unit, "judgement": "BK"} for unit in told.data["units"]]
    played.forge("assessment", "decision", retell(told, units=units, record_hash="0" * 64))
    file = played.told("registration", SelfAssessmentSubmitted.type, candidate.application)
    played.forge("registration", "decision", retell(file, applicant_name="ORANG LAIN CONTOH"))
    assert read_frozen(played, candidate) == before
    assert played.show_case(candidate)["decisions"] == decided


def test_a_case_that_is_decided_is_not_decided_again(played: Played, candidate: Candidate) -> None:
    before = read_frozen(played, candidate)
    staff = played.cast["sekretariat"]
    called = {"at": stages.moment_at(played.cast.today, 13), "place": "Contoh", "case_ids": [candidate.application]}
    refused(lambda: staff.post("/decision/api/meetings", called), "case-state")
    meeting = played.show_case(candidate)["decisions"][0]["meeting_id"]
    with pytest.raises(Exception, match=r"40[39]"):
        played.decide("ketua", f"/decision/api/meetings/{meeting}", candidate)
    page = f"/decision/meetings/{meeting}/cases/{candidate.application}/decision"
    played.send_form("ketua", page, {"reason": "Diputuskan lagi (contoh)"})
    assert len(played.show_case(candidate)["decisions"]) == 1
    assert read_frozen(played, candidate) == before
