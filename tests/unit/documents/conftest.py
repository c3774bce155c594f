from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.documents import render_pdf
from shared.documents.authority import create_demo_authority
from shared.documents.signing import Signer
from tests.unit.documents.signatures import signer_of


@pytest.fixture
def template(tmp_path: Path) -> Callable[[str], Path]:
    """A template file with `text` as its content, under a title as every document needs one."""

    def make(text: str) -> Path:
        path = tmp_path / "sheet.typ"
        path.write_text('#set document(title: "Lembar contoh")\n#set text(font: "Noto Serif", lang: "id")\n' + text)
        return path

    return make


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("authority")
    create_demo_authority(folder)
    return folder


@pytest.fixture
def local(authority: Path) -> Signer:
    return signer_of(authority)


@pytest.fixture
def at() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def sheet(template: Callable[[str], Path]) -> bytes:
    return render_pdf(template("= Sertifikat contoh\n#{{ name }}"), {"name": "Siti Contoh"})
