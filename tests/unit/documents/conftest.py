from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def template(tmp_path: Path) -> Callable[[str], Path]:
    """A template file with `text` as its content, under a title as every document needs one."""

    def make(text: str) -> Path:
        path = tmp_path / "sheet.typ"
        path.write_text('#set document(title: "Lembar contoh")\n#set text(font: "Noto Serif", lang: "id")\n' + text)
        return path

    return make
