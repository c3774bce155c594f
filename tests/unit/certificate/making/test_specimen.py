"""A broken layout is found before a number is used, and used again once it is mended."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from services.certificate import body_settings
from services.certificate.body_settings import DOCUMENTS, find_stock_template, find_template
from services.certificate.domain.states import State
from services.certificate.making import jobs
from services.certificate.making.readiness import NotReady
from services.certificate.making.specimen import probe_layout
from shared.database.unit import Database
from shared.documents import DocumentError
from shared.messaging.jobs import Task
from tests.unit.certificate.scene import Candidate, certificate_of, cleared

pytestmark = pytest.mark.usefixtures("store")


@pytest.fixture
def layouts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the layouts, which this service uses now."""
    copy = tmp_path / "documents"
    shutil.copytree(DOCUMENTS, copy)
    monkeypatch.setattr(body_settings, "DOCUMENTS", copy)
    return copy


@pytest.mark.parametrize(
    "layout", [find_template("certificate-1"), find_template("certificate-2"), find_stock_template("certificate-2")]
)
def test_every_layout_can_be_set(layout: Path) -> None:
    probe_layout(layout)


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace("{{ number }}", "{{ nummer }}", 1),
        lambda text: text + "#nonsense()",
        lambda text: text + "{% if %}",
        lambda text: text.replace("qr.svg", "nowhere.svg"),
        lambda text: text.replace("layout-2.typ", "layout-none.typ"),
    ],
)
def test_a_broken_layout_is_found(layouts: Path, damage: Callable[[str], str]) -> None:
    layout = layouts / "certificate-2.typ"
    layout.write_text(damage(layout.read_text()))
    with pytest.raises(DocumentError):
        probe_layout(layout)


def test_it_is_tried_again_when_a_file_of_it_has_changed(layouts: Path) -> None:
    layout, good = layouts / "certificate-2.typ", (layouts / "certificate-2.typ").read_text()
    probe_layout(layout)
    layout.write_text(good + "#nonsense()")
    with pytest.raises(DocumentError):
        probe_layout(layout)
    layout.write_text(good)
    probe_layout(layout)


def test_no_number_is_used_while_the_layout_is_broken(database: Database, layouts: Path) -> None:
    candidate = Candidate()
    with database.unit_of_work() as session:
        cleared(session, candidate)
    layout, good = layouts / "certificate-2.typ", (layouts / "certificate-2.typ").read_text()
    tasks = [Task({"application_id": str(candidate.application_id)})]
    layout.write_text("#nonsense()")
    with pytest.raises(NotReady, match="certificate-2 cannot be set"):
        jobs.issue_certificates(database, tasks)
    with database.reading() as session:
        assert certificate_of(session, candidate.application_id) is None
    layout.write_text(good)
    jobs.issue_certificates(database, tasks)
    with database.reading() as session:
        issued = certificate_of(session, candidate.application_id)
        assert issued is not None
        assert issued.state is State.VALID
        assert issued.serial == 1
