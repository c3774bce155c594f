from collections.abc import Callable
from pathlib import Path

import page
import pytest

from shared.documents import render_pdf
from shared.documents.streams import replace_line_feeds


def stream(data: bytes, length: int | None = None) -> bytes:
    size = len(data) if length is None else length
    return b"7 0 obj\n<</Length " + str(size).encode() + b">>\nstream\n" + data + b"\nendstream\nendobj\n"


def test_a_stream_that_ends_in_a_carriage_return_gets_a_plain_end() -> None:
    assert replace_line_feeds(stream(b"data\r")) == stream(b"data\r").replace(b"\r\nend", b"\r\rend")


@pytest.mark.parametrize(
    "pdf", [stream(b"data"), stream(b"data\n"), stream(b"data\r", length=4), b"", b"\r\nendstream"]
)
def test_nothing_else_is_touched(pdf: bytes) -> None:
    assert replace_line_feeds(pdf) == pdf


def test_no_byte_moves() -> None:
    pdf = stream(b"one\r") + stream(b"two") + stream(b"three\r")
    assert len(replace_line_feeds(pdf)) == len(pdf)


def test_of_many_documents_each_is_conformant(template: Callable[[str], Path]) -> None:
    """This failure mode means a certificate in thirty that a validator refuses."""
    sheet = template("= Lembar\n#{{ name }}")
    for number in range(150):
        pdf = render_pdf(sheet, {"name": f"Siti {number} Contoh"})
        report = page.validate_pdf_bytes(pdf, profile=page.ValidationProfile.PDF_A_3A)
        assert report.is_compliant, (number, [failure.message for failure in report.failures])
