"""R27: schemes, units, elements and criteria are versioned; an application keeps the version it was filed under."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from kompeten.demo import samples, stages
from shared.body_data import data_in_force
from shared.body_data.tree import PACKAGED
from shared.settings import settings
from tests.rules.playing import Candidate, Played, refused

SCHEME = "schemes/layanan-dasar/2026.1.yaml"


@pytest.fixture(scope="module")
def candidate(played: Played) -> Candidate:
    """Filed before the new version came."""
    return played.filed("DUATUJUH CONTOH")


@pytest.fixture
def newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, candidate: Candidate) -> Iterator[str]:
    """A new version of the scheme, in force, as an operator puts it into the folder of the body's data."""
    text = (PACKAGED / SCHEME).read_text().replace('"2026.1"', '"2026.2"')
    file = tmp_path / "schemes/layanan-dasar/2026.2.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(text.replace("in_force_from: ", "in_force_from: 2026-11-01 # "))
    monkeypatch.setenv("KOMPETEN_BODY_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    data_in_force.cache_clear()
    yield "2026.2"
    monkeypatch.undo()
    settings.cache_clear()
    data_in_force.cache_clear()


def version_of(candidate: Candidate) -> str:
    return str(candidate.me.get(f"/registration/api/applications/{candidate.application}")["scheme"]["version"])


def test_what_was_filed_stays_under_its_version_through_every_stage(
    played: Played, candidate: Candidate, newer: str
) -> None:
    """Also when it is returned and filed again under the eyes of a newer one."""
    assert played.cast.nobody.get("/registration/api/schemes/layanan-dasar")["version"] == newer
    played.return_file("sekretariat2", candidate)
    assert version_of(candidate) == "2026.1"
    stages.verify_items(played.cast, candidate.application)
    stages.assess_oneself(played.cast, candidate.me, candidate.person, candidate.application)
    candidate.case = stages.wait_for_case(played.cast, candidate.application)["id"]
    stages.prepare_candidate(played.cast, candidate.me, candidate.case, "asesor")
    stages.assess_candidate(played.cast, candidate.me, candidate.case, "asesor")
    stages.hold_meeting(played.cast, candidate.application)
    assert played.show_case(candidate)["scheme_version"] == "2026.1"


def test_a_draft_is_filed_under_the_version_in_force(played: Played, candidate: Candidate, newer: str) -> None:
    """So that the one above is about filing; requirements of the old version do not do."""
    draft = played.draft("DUATUJUH LAIN CONTOH")
    stages.file_draft(draft.me, draft.person, draft.application)
    assert version_of(draft) == newer


def test_nobody_moves_a_filed_application_to_another_scheme_or_version(played: Played, candidate: Candidate) -> None:
    path = f"/registration/api/applications/{candidate.application}"
    form = samples.fill_form(candidate.person, samples.LIBRARY_D2, [])
    codes = ("form-closed", "invalid-input")
    for more in ({"scheme_id": "promosi-perpustakaan"}, {"scheme_version": "2026.2"}):
        refused(partial(candidate.me.put, path, {"form": form, **more}), *codes)
    claim = {"unit": "R.91PRP02.999.1", "element": "1", "claim": "K", "evidence": [], "note": ""}
    with pytest.raises(Exception, match=r"409|422"):
        candidate.me.put(f"{path}/self-assessment", {"claims": [claim]})
    assert version_of(candidate) == "2026.1"
