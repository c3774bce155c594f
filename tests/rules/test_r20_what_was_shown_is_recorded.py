"""R20 (9.1, 7.2): what the applicant was shown before filing is recorded."""

from typing import Any

import pytest

from kompeten.demo import stages
from tests.rules.playing import Candidate, Played, refused, refused_post


@pytest.fixture(scope="module")
def candidate(played: Played) -> Candidate:
    candidate = played.draft("DUAPULUH CONTOH")
    played.cast.ids["duapuluh"] = candidate.me.get("/registration/api/me")["id"]
    return candidate


def view(candidate: Candidate) -> dict[str, Any]:
    shown: dict[str, Any] = candidate.me.get(f"/registration/api/applications/{candidate.application}")
    return shown


def test_what_was_not_shown_is_not_filed(played: Played, candidate: Candidate) -> None:
    """By API and by the page of the signature, which is opened past the one that shows it."""
    path = f"/registration/api/applications/{candidate.application}/file"
    body = {"signature": candidate.person.name, "statement": True}
    refused(lambda: candidate.me.post(path, body), "requirements-not-shown")
    played.send_form("duapuluh", path.replace("/api", ""), {**body, "statement": "on"})
    assert (view(candidate)["state"], view(candidate)["requirements"]["shown_at"]) == ("draft", None)


def test_nobody_is_shown_it_for_the_applicant(played: Played, candidate: Candidate) -> None:
    path = f"/registration/api/applications/{candidate.application}/requirements-shown"
    for name in ("sekretariat", "ketua"):
        refused_post(played.cast[name], path, None, "not-allowed")
    stranger = played.draft("DUAPULUH LAIN CONTOH")
    refused(lambda: stranger.me.post(path), "application-unknown")
    assert view(candidate)["requirements"]["shown_at"] is None


def test_another_scheme_chosen_afterwards_has_to_be_shown_anew(played: Played, candidate: Candidate) -> None:
    path, form = f"/registration/api/applications/{candidate.application}", view(candidate)["form"]
    candidate.me.post(f"{path}/requirements-shown")
    assert view(candidate)["requirements"]["current"]
    schemes = [line["id"] for line in played.cast.nobody.get("/registration/api/schemes")]
    other = next(one for one in schemes if one != played.cast.scheme["id"])
    candidate.me.put(path, {"form": form, "scheme_id": other})
    assert not view(candidate)["requirements"]["current"]
    body = {"signature": candidate.person.name, "statement": True}
    assert refused(lambda: candidate.me.post(f"{path}/file", body), "requirements-not-shown", "not-eligible")
    candidate.me.put(path, {"form": form, "scheme_id": played.cast.scheme["id"]})


def test_what_was_shown_stays_on_record_with_its_time(played: Played, candidate: Candidate) -> None:
    stages.file_draft(candidate.me, candidate.person, candidate.application)
    shown = view(candidate)["requirements"]
    assert shown["version"]
    assert shown["shown_at"] <= view(candidate)["filed_at"]
    acts = [act.action for act in played.acts_on("registration", f"application/{candidate.application}")]
    assert "application:show-requirements" in acts
    assert acts.index("application:show-requirements") < acts.index("application:file")
    path = f"/registration/api/applications/{candidate.application}/requirements-shown"
    refused(lambda: candidate.me.post(path), "application-not-draft", "form-closed", "application-filed")
    assert view(candidate)["requirements"] == shown
