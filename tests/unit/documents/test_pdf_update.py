import io
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from shared.documents import render_pdf
from shared.documents.pdf_update import NotOurPdf, prepare_signature
from shared.documents.signing import Signer
from tests.unit.documents.signatures import status_of

AT = datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC)


def test_a_signature_larger_than_its_room_is_refused(sheet: bytes) -> None:
    prepared = prepare_signature(sheet, room=10, at=AT, reason="uji")
    assert len(prepared.filled(b"x" * 10)) == len(prepared.filled(b""))
    with pytest.raises(ValueError, match="does not fit"):
        prepared.filled(b"x" * 11)


@pytest.mark.parametrize("reason", ["uji", "(kurung) dan \\", "Surat keputusan № 7, “contoh”", ""])
def test_the_reason_and_the_time_are_read_as_they_were_given(sheet: bytes, reason: str) -> None:
    signed = prepare_signature(sheet, room=100, at=AT, reason=reason).filled(b"")
    (field,) = (PdfReader(io.BytesIO(signed)).get_fields() or {}).values()
    signature = field.value.get_object()
    assert signature["/Reason"] == reason
    assert signature["/M"] == "D:20261122030405Z"


def test_links_on_the_first_page_stay(template: Callable[[str], Path]) -> None:
    pdf = render_pdf(template('= Contoh\n#link("https://a.contoh.test/")[a] #link("https://b.contoh.test/")[b]'), {})
    page = PdfReader(io.BytesIO(prepare_signature(pdf, room=100, at=AT, reason="").filled(b""))).pages[0]
    kinds = sorted(str(entry.get_object()["/Subtype"]) for entry in page["/Annots"])  # type: ignore[attr-defined]
    assert kinds == ["/Link", "/Link", "/Widget"]


def test_the_first_of_very_many_pages_bears_the_signature(template: Callable[[str], Path]) -> None:
    pdf = render_pdf(template("= Contoh\n" + "#pagebreak()\n== Lagi\n" * 40), {})
    reader = PdfReader(io.BytesIO(prepare_signature(pdf, room=100, at=AT, reason="").filled(b"")))
    assert ["/Annots" in page for page in reader.pages] == [True] + [False] * 40


def test_a_signed_file_is_not_signed_again(local: Signer, sheet: bytes, at: datetime) -> None:
    with pytest.raises(NotOurPdf):
        local.sign(local.sign(sheet, at=at, reason=""), at=at, reason="")


def test_the_same_structure_by_another_program_is_signed_as_well(
    local: Signer, authority: Path, sheet: bytes, at: datetime
) -> None:
    """Other spacing, another order of keys and objects: what the update reads is PDF, not Typst's habits."""
    out = io.BytesIO()
    PdfWriter(clone_from=io.BytesIO(sheet)).write(out)
    assert status_of(local.sign(out.getvalue(), at=at, reason="uji"), authority).bottom_line


def _with_form(pdf: bytes) -> bytes:
    return pdf.replace(b"/Outlines 3 0 R", b"/AcroForm 3 0 R")


def _cut(pdf: bytes) -> bytes:
    return pdf[:-200]


def _misplaced(pdf: bytes) -> bytes:
    place = pdf.rindex(b"xref\n0 ") + 40
    return pdf[:place] + b"0000000017" + pdf[place + 10 :]


@pytest.mark.parametrize(
    "spoil",
    [_with_form, _cut, zlib.compress, lambda _: b"", lambda _: b"startxref\n9\n%%EOF", lambda pdf: pdf * 2],
)
def test_a_file_that_is_not_ours_is_refused(sheet: bytes, spoil: Callable[[bytes], bytes]) -> None:
    with pytest.raises(NotOurPdf):
        prepare_signature(spoil(sheet), room=100, at=AT, reason="")
