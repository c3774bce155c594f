"""R19 (9.1): an application is refused unless signed, with a statement of compliance and adjustment offered."""

from typing import Any

import pytest

from kompeten.demo import samples, stages
from tests.rules.playing import Candidate, Played, refused, refused_post


@pytest.fixture(scope="module")
def candidate(played: Played) -> Candidate:
    """Everything is there but the signature; the requirements were shown."""
    candidate = played.draft("SEMBILANBELAS CONTOH")
    candidate.me.post(f"/registration/api/applications/{candidate.application}/requirements-shown")
    played.cast.ids["sembilanbelas"] = candidate.me.get("/registration/api/me")["id"]
    return candidate


def view(candidate: Candidate) -> dict[str, Any]:
    shown: dict[str, Any] = candidate.me.get(f"/registration/api/applications/{candidate.application}")
    return shown


WRONG = [
    {"signature": "", "statement": True},
    {"signature": "ORANG LAIN CONTOH", "statement": True},
    {"signature": "\u200b", "statement": True},
    {"statement": False},
    {"statement": "no"},
]


@pytest.mark.parametrize("wrong", WRONG)
def test_without_own_name_and_statement_nothing_is_filed(
    played: Played, candidate: Candidate, wrong: dict[str, Any]
) -> None:
    path = f"/registration/api/applications/{candidate.application}/file"
    body = {"signature": candidate.person.name, "statement": True, **wrong}
    assert refused(lambda: candidate.me.post(path, body), "not-signed", "invalid-input", "signature").status == 422
    fields = {"signature": body["signature"], **({"statement": "on"} if body["statement"] is True else {})}
    played.send_form("sembilanbelas", path.replace("/api", ""), fields)
    assert (view(candidate)["state"], view(candidate)["round"]) == ("draft", 0)


def test_nobody_files_for_the_applicant(played: Played, candidate: Candidate) -> None:
    path = f"/registration/api/applications/{candidate.application}/file"
    body = {"signature": candidate.person.name, "statement": True}
    for name in ("sekretariat", "ketua", "asesor"):
        refused_post(played.cast[name], path, body, "not-allowed")
    stranger = played.draft("SEMBILANBELAS LAIN CONTOH")
    refused(lambda: stranger.me.post(path, body), "application-unknown")
    assert view(candidate)["state"] == "draft"


def test_a_wish_for_adjustment_is_filed_once_and_read_by_no_verifier(played: Played, candidate: Candidate) -> None:
    wish = "Kursi roda, ruang di lantai dasar (contoh)"
    form = samples.fill_form(candidate.person, samples.LIBRARY_D2, [])
    stages.save_form(candidate.me, candidate.application, {**form, "adjustment": wish})
    stages.file_draft(candidate.me, candidate.person, candidate.application)
    shown = played.cast["sekretariat"].get(f"/registration/api/verification/{candidate.application}")
    assert wish not in str(shown), "health is for the candidate and the assessor alone"
    assert view(candidate)["form"]["adjustment"] == wish
    refused(
        lambda: stages.file_draft(candidate.me, candidate.person, candidate.application),
        "application-not-draft", "application-filed", "form-closed",
    )  # fmt: skip
    assert view(candidate)["round"] == 1
