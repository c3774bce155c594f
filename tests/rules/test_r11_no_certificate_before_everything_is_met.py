"""R11 (9.4, 9.7): no certificate before all units are K, forms and agreement signed, and the decision recorded."""

import pytest

from shared.contracts.assessment import AssessmentRecommended
from shared.contracts.decision import CertificationDecided
from tests.rules.playing import Candidate, Played, refused, retell


@pytest.fixture(scope="module")
def candidate(played: Played) -> Candidate:
    """Decided K, and the agreement of use is not signed."""
    return played.decided("SEBELAS CONTOH")


def list_missing(candidate: Candidate) -> list[str]:
    missing: list[str] = candidate.me.get("/certificate/api/mine")["orders"][0]["missing"]
    return missing


def has_certificate(played: Played, candidate: Candidate) -> bool:
    played.body.settle()
    return bool(candidate.me.get("/certificate/api/mine")["certificates"])


def test_nobody_numbers_a_certificate_whose_agreement_is_missing(played: Played, candidate: Candidate) -> None:
    """The chair asks for it to be made, anew, and for the whole meeting at once."""
    chair, path = played.cast["ketua"], f"/certificate/api/orders/{candidate.application}"
    refused(lambda: chair.post(f"{path}/retry"), "order-not-cleared")
    refused(lambda: chair.post(f"{path}/renumber"), "order-not-voided")
    meeting = played.show_case(candidate)["decisions"][0]["meeting_id"]
    batch = chair.post("/certificate/api/bulk/meetings", {"meeting_id": meeting})["id"]
    chair.post(f"/certificate/api/bulk/{batch}/start")
    played.send_form("ketua", f"/certificate/orders/{candidate.application}/retry", {})
    assert list_missing(candidate) == ["agreement_signed"]
    assert not has_certificate(played, candidate)


def test_a_list_of_numbers_issues_nothing(played: Played, candidate: Candidate) -> None:
    """As JSON and as a file: issuing goes by a meeting, never by a list that somebody wrote."""
    lines = {"kind": "issue", "reason": "Terbitkan saja (contoh)", "lines": [{"number": candidate.application}]}
    refused(lambda: played.cast["ketua"].post("/certificate/api/bulk/lists", lines), "batch-kind")
    file = ("daftar.csv", f"nomor\n{candidate.application}\n".encode(), "text/csv")
    upload = {"kind": "issue", "reason": "Terbitkan saja (contoh)"}
    refused(lambda: played.cast["ketua"].upload("/certificate/api/bulk/files", upload, *file), "batch-kind")
    assert not has_certificate(played, candidate)


def test_bk_in_one_unit_makes_no_certificate_whatever_is_signed_and_told(played: Played, candidate: Candidate) -> None:
    """The agreement is signed; then the decision comes again, says K over BK, and at last K with the hash left out."""
    other = played.decided("SEBELAS LAIN CONTOH", played.judge_weak)
    version = other.me.get("/certificate/api/agreement")["version"]
    signed = {"agreed": True, "name": other.person.name, "version": version}
    other.me.post(f"/certificate/api/orders/{other.application}/agreement", signed)
    told = played.told("decision", CertificationDecided.type, other.application)
    units = [{**unit, "judgement": "K"} for unit in told.data["units"]]
    for lie in (retell(told, judgement="K"), retell(told, judgement="K", units=[]), retell(told, units=units)):
        played.forge("decision", "certificate", lie)
        assert not has_certificate(played, other)
    played.forge("decision", "certificate", retell(told, judgement="K", units=units, file_hash=""))
    assert list_missing(other) == ["decision_recorded"]
    assert not has_certificate(played, other)


def test_a_decision_before_its_time_finds_forms_that_nobody_signed(played: Played, candidate: Candidate) -> None:
    """Of somebody who waits for the verifier: told by the stage that decides, and the agreement signed ahead."""
    early = played.filed("SEBELAS DINI CONTOH")
    told = played.told("decision", CertificationDecided.type, candidate.application)
    said = {"application_id": early.application, "applicant_id": early.me.get("/registration/api/me")["id"]}
    played.forge("decision", "certificate", retell(told, **said, applicant_name=early.person.name))
    recommended = played.told("assessment", AssessmentRecommended.type, candidate.application)
    played.forge("registration", "certificate", retell(recommended, **said))
    version = early.me.get("/certificate/api/agreement")["version"]
    signed = {"agreed": True, "name": early.person.name, "version": version}
    early.me.post(f"/certificate/api/orders/{early.application}/agreement", signed)
    assert "forms_signed" in list_missing(early)
    assert not has_certificate(played, early)
