import io
from collections.abc import Callable
from pathlib import Path

import page
import pytest
from PIL import Image
from pypdf import PdfReader

from shared.documents import render_pdf
from shared.documents.pictures import photograph_svg

PLACED = '= Lembar\n#image("photo.svg", width: 30mm, alt: "Pas foto")'


def jpeg(mode: str = "RGB", size: tuple[int, int] = (354, 472), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 40).save(out, "JPEG", **options)
    return out.getvalue()


@pytest.mark.parametrize("photo", [jpeg(), jpeg("L"), jpeg(progressive=True), jpeg(size=(1000, 400))])
def test_a_photograph_is_carried_as_it_is_in_a_conformant_document(
    template: Callable[[str], Path], photo: bytes
) -> None:
    pdf = render_pdf(template(PLACED), {}, files={"photo.svg": photograph_svg(photo, 300, 400)})
    assert photo in pdf
    for profile in (page.ValidationProfile.PDF_A_3A, page.ValidationProfile.PDF_UA_1):
        assert page.validate_pdf_bytes(pdf, profile=profile).is_compliant


def test_the_same_photograph_gives_the_same_document(template: Callable[[str], Path]) -> None:
    files = {"photo.svg": photograph_svg(jpeg(), 300, 400)}
    assert render_pdf(template(PLACED), {}, files=files) == render_pdf(template(PLACED), {}, files=files)


def test_a_broken_photograph_is_left_out_and_breaks_nothing(template: Callable[[str], Path]) -> None:
    """What is stored as a photo was opened before; here nothing must fall."""
    pdf = render_pdf(template(PLACED), {}, files={"photo.svg": photograph_svg(b"no photograph", 300, 400)})
    assert not PdfReader(io.BytesIO(pdf)).pages[0].images
