"""R17 (9.7): the holder signs the agreement of use before the certificate is released."""

import pytest

from kompeten.demo import stages
from shared.contracts.decision import CertificationDecided
from tests.rules.playing import Candidate, Played, refused, refused_post, retell


@pytest.fixture(scope="module")
def candidate(played: Played) -> Candidate:
    return played.decided("TUJUHBELAS CONTOH")


def sign_path(candidate: Candidate) -> str:
    return f"/certificate/api/orders/{candidate.application}/agreement"


def is_released(played: Played, candidate: Candidate) -> bool:
    played.body.settle()
    return bool(candidate.me.get("/certificate/api/mine")["certificates"])


def test_it_is_signed_whole_or_not_at_all(played: Played, candidate: Candidate) -> None:
    """Without consent, with another's name, with a blank, for a text of yesterday."""
    whole = {"agreed": True, "name": candidate.person.name}
    whole["version"] = candidate.me.get("/certificate/api/agreement")["version"]
    for wrong in ({"agreed": False}, {"name": "ORANG LAIN CONTOH"}, {"name": " "}, {"version": "kemarin"}):
        codes = ("agreement-not-signed", "agreement-changed", "invalid-input", "not-valid", "validation")
        refused_post(candidate.me, sign_path(candidate), {**whole, **wrong}, *codes)
    assert candidate.me.get("/certificate/api/mine")["orders"][0]["agreed_at"] is None
    assert not is_released(played, candidate)


def test_a_decision_told_again_releases_nothing(played: Played, candidate: Candidate) -> None:
    told = played.told("decision", CertificationDecided.type, candidate.application)
    played.forge("decision", "certificate", retell(told))
    played.forge("decision", "certificate", retell(told, attempt=1))
    assert candidate.me.get("/certificate/api/mine")["orders"][0]["missing"] == ["agreement_signed"]
    assert not is_released(played, candidate)


def test_once_signed_it_is_released_and_not_signed_anew(played: Played, candidate: Candidate) -> None:
    stages.sign_agreement(candidate.me, candidate.person, candidate.application)
    certificate = stages.wait_for_certificate(candidate.me, candidate.application)
    version = candidate.me.get("/certificate/api/agreement")["version"]
    body = {"agreed": True, "name": candidate.person.name, "version": version}
    refused(lambda: candidate.me.post(sign_path(candidate), body), "agreement-signed")
    signed = played.acts_on("certificate", f"order/{candidate.application}")
    assert [act.action for act in signed].count("agreement:sign") == 1
    assert certificate["numbered_at"] >= signed[0].at.isoformat()[:19]
