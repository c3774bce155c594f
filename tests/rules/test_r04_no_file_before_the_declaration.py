"""R4 (4.3): the assessor declares impartiality per candidate before seeing the file; a tie blocks the assignment."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from kompeten.demo.client import Refused
from shared.contracts.assessment import AssessorAssigned, AssessorCleared
from tests.rules.playing import Candidate, Played, refused, refused_post, retell

NO_TIES = dict.fromkeys(("family", "superior_or_subordinate", "same_work_unit", "trainer"), False)


@pytest.fixture(scope="module")
def candidate(played: Played) -> Candidate:
    """Assigned to one who has declared nothing yet."""
    for name in ("pernyata", "pernyata2", "pernyata3"):
        played.hire(name, "assessor")
    candidate = played.waiting_for_assessor("EMPAT CONTOH")
    assign(played, candidate, "pernyata")
    return candidate


def assign(played: Played, candidate: Candidate, name: str) -> None:
    played.cast["sertifikasi"].post(f"{candidate.case_path}/assign", {"assessor_id": played.cast.assessors[name]})


def find_allowed(ask: Callable[[], Any]) -> Any:
    """The answer, or None to who may not have it."""
    try:
        return ask()
    except Refused as no:
        if no.status in (403, 404):
            return None
        raise


def sees_the_file(played: Played, candidate: Candidate, name: str) -> bool:
    """By any of the ways: the case, its page, a document, the printed form."""
    document = candidate.me.get(f"/registration/api/applications/{candidate.application}/documents")[0]["id"]
    shown = find_allowed(partial(played.cast[name].get, candidate.case_path)) or {"file": None}
    found = [candidate.person.nik in played.read_page(name, f"/assessment/cases/{candidate.case}").text, shown["file"]]
    for path in (
        f"/registration/api/documents/{document}",
        f"/registration/api/applications/{candidate.application}/fr-apl-01",
        f"/registration/api/applications/{candidate.application}/fr-apl-02",
    ):
        found.append(find_allowed(partial(played.cast[name].download, path)))
    return any(found)


def test_the_assigned_one_sees_no_file_before_declaring(played: Played, candidate: Candidate) -> None:
    assert not sees_the_file(played, candidate, "pernyata")
    for act, body in (("appointment", {"at": "2030-01-01T09:00:00+07:00", "place": "Contoh"}), ("plan", {})):
        with pytest.raises(Refused):
            played.cast["pernyata"].post(f"{candidate.case_path}/{act}", body)
    assert played.cast["sekretariat"].get(candidate.case_path)["state"] == "assigned"


def test_nobody_declares_for_another(played: Played, candidate: Candidate) -> None:
    body = {**NO_TIES, "trained_on": None, "note": ""}
    for name in ("pernyata2", "sertifikasi", "ketua"):
        refused_post(
            played.cast[name], f"{candidate.case_path}/declaration", body, "not-allowed", "case-unknown", "not-assessor"
        )
    assert not sees_the_file(played, candidate, "pernyata")


def test_a_clearing_told_by_another_service_opens_nothing(played: Played, candidate: Candidate) -> None:
    told = played.told("assessment", AssessorAssigned.type, candidate.application)
    lie = retell(told).model_copy(update={"type": AssessorCleared.type, "sequence": told.sequence + 1})
    played.forge("notification", "registration", lie)
    assert not sees_the_file(played, candidate, "pernyata")


@pytest.mark.parametrize("tie", ["family", "superior_or_subordinate", "same_work_unit", "trainer"])
def test_each_tie_alone_blocks(played: Played, candidate: Candidate, tie: str) -> None:
    """Declared for a candidate of its own each time, by API; afterwards neither file nor assignment is had."""
    other = played.waiting_for_assessor(f"EMPAT {tie[0].upper()} CONTOH") if tie == "family" else candidate
    name = {"family": "pernyata", "superior_or_subordinate": "pernyata", "same_work_unit": "pernyata2"}.get(
        tie, "pernyata3"
    )
    if other is not candidate or tie != "superior_or_subordinate":
        assign(played, other, name)
    body = {**NO_TIES, tie: True, "trained_on": None, "note": ""}
    assert not played.cast[name].post(f"{other.case_path}/declaration", body)["cleared"]
    assert not sees_the_file(played, other, name)
    refused(lambda: assign(played, other, name), "assessor-conflict")
    assert played.cast["sekretariat"].get(other.case_path)["assessor_id"] is None
