"""Signed sheets with something attached, for tests that take them apart."""

import tempfile
from datetime import datetime
from pathlib import Path

from shared.documents import render_pdf
from shared.documents.signing import Signer

TEMPLATE = """#set document(title: "Lembar contoh")
#set text(font: "Noto Serif", lang: "id")
#pdf.attach({{ name }}, bytes({{ content }}), relationship: "data", mime-type: "application/ld+json",
  description: "Kredensial")
= Sertifikat contoh
"""


def sheet(content: str, signer: Signer, at: datetime, name: str = "credential.json") -> bytes:
    """A page with `content` attached as the file `name`, signed at `at`."""
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "sheet.typ"
        template.write_text(TEMPLATE)
        unsigned = render_pdf(template, {"content": content, "name": name})
    return signer.sign(unsigned, at=at, reason="Penerbitan")
