"""R16 (9.5): a reduction of scope is a new certificate version with fewer units."""

from typing import Any

import pytest

from shared.contracts.certificate import CertificateScopeReduced
from tests.rules.playing import Candidate, Played, refused, refused_post, retell

REASON = "Tidak lagi menjalankan unit ini (contoh)"


@pytest.fixture(scope="module")
def held(played: Played) -> tuple[Candidate, dict[str, Any]]:
    return played.certified("ENAMBELAS CONTOH")


def view(played: Played, held: tuple[Candidate, dict[str, Any]]) -> dict[str, Any]:
    shown: dict[str, Any] = played.cast["ketua"].get(f"/certificate/api/certificates/{held[1]['id']}")
    return shown


def test_nobody_but_the_chair_takes_units_away(played: Played, held: tuple[Candidate, dict[str, Any]]) -> None:
    path, body = f"/certificate/api/certificates/{held[1]['id']}/reduce", {"reason": REASON}
    left = held[1]["units"][:1]
    for name in ("sertifikasi", "asesor", "sekretariat"):
        refused_post(played.cast[name], path, {**body, "units": left}, "not-allowed")
        page = path.replace("/api/certificates", "")
        assert played.send_form(name, page, {**body, "units": left}).status_code == 403
    refused(lambda: held[0].me.post(path, {**body, "units": left}), "not-allowed")
    assert view(played, held)["units"] == held[1]["units"]


def test_a_reduction_neither_adds_nor_keeps_nor_takes_all(
    played: Played, held: tuple[Candidate, dict[str, Any]]
) -> None:
    chair, path = played.cast["ketua"], f"/certificate/api/certificates/{held[1]['id']}/reduce"
    all_units: list[str] = held[1]["units"]
    wrong = {"units-all": all_units, "units-none": [], "units-unknown": [all_units[0], "R.91PRP02.999.1"]}
    for code, units in wrong.items():
        refused_post(chair, path, {"reason": REASON, "units": units}, code)
        played.send_form("ketua", path.replace("/api/certificates", ""), {"reason": REASON, "units": units})
    assert len(view(played, held)["versions"]) == 1


def test_the_sheet_with_all_units_is_superseded_at_every_door(
    played: Played, held: tuple[Candidate, dict[str, Any]]
) -> None:
    """The old sheet, by its QR code and as a file, says that it holds no more, and names the units that are left."""
    cast, number = played.cast, held[1]["number"]
    old_sheet = held[0].me.download(f"/certificate/api/certificates/{held[1]['id']}/pdf")
    old_token = held[1]["check_url"].rsplit("/", 1)[1]
    left = held[1]["units"][:1]
    path = f"/certificate/api/certificates/{held[1]['id']}/reduce"
    cast["ketua"].post(path, {"reason": REASON, "units": left})
    now = view(played, held)
    assert (now["number"], now["units"], now["current_version"]) == (number, left, 2)
    assert [version["state"] for version in now["versions"]] in (["superseded", "current"], ["current", "superseded"])
    by_token = cast.nobody.get(f"/certificate/api/check/{old_token}")
    by_file = cast.nobody.upload("/certificate/api/check/file", {}, "lama.pdf", old_sheet, "application/pdf")
    for answer in (by_token, by_file):
        assert answer["standing"] == "superseded"
        assert not answer["holds"]
        assert [unit["code"] for unit in answer["certificate"]["units"]] == left


def test_units_once_taken_come_back_by_no_act_and_no_event(
    played: Played, held: tuple[Candidate, dict[str, Any]]
) -> None:
    """After the reduction above: asked for again, and told to the stage that watches over the holder."""
    before = view(played, held)
    path = f"/certificate/api/certificates/{held[1]['id']}/reduce"
    whole = {"reason": REASON, "units": held[1]["units"]}
    refused(lambda: played.cast["ketua"].post(path, whole), "units-unknown")
    told = played.told("certificate", CertificateScopeReduced.type, held[1]["number"])
    grown = {key: held[1]["units"] for key in told.data if key == "units"}
    played.forge("decision", "surveillance", retell(told, **grown))
    holding = held[0].me.get("/surveillance/api/holdings")["items"][0]
    assert view(played, held) == before
    shown = holding.get("units") or held[0].me.get(f"/surveillance/api/holdings/{held[1]['id']}")["units"]
    assert [unit["code"] for unit in shown] == before["units"]
