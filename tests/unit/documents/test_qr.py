import re
import struct
import zlib

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from shared.documents import qr

LINK = "https://lsp.contoh.test/certificate/check/3f9sdkfjh2384hf"


def test_the_picture_says_the_text() -> None:
    png = qr.qr_png(LINK)
    width, height = struct.unpack(">II", png[16:24])
    at = png.index(b"IDAT")
    size = struct.unpack(">I", png[at - 4 : at])[0]
    rows = zlib.decompress(png[at + 4 : at + 4 + size])
    pixels = b"".join(rows[y * (width + 1) + 1 : (y + 1) * (width + 1)] for y in range(height))
    view = zxingcpp.ImageView(pixels, width, height, zxingcpp.ImageFormat.Lum)
    (code,) = zxingcpp.read_barcodes(view)
    assert code.text == LINK


CERTIFICATE = LINK + "#" + "1234567890" * 33


@pytest.mark.parametrize("text", [LINK, CERTIFICATE, CERTIFICATE + "1234567890" * 60])
def test_the_drawing_has_the_code_s_modules(text: str) -> None:
    """Drawn by its own lines, four dots a module, and read back."""
    drawing = qr.qr_svg(text)
    found = re.search(r'viewBox="-4 -4.5 (\d+)', drawing)
    assert found
    image = Image.new("L", (4 * int(found[1]), 4 * int(found[1])), 255)
    draw = ImageDraw.Draw(image)
    for run in re.findall(r"M(\d+) (\d+)H(\d+)", drawing):
        x, y, end = (4 * (int(number) + qr.QUIET) for number in run)
        draw.rectangle((x, y, end - 1, y + 3), fill=0)
    (code,) = zxingcpp.read_barcodes(image)
    assert code.text == text


def test_modules_are_whole_dots_of_a_scanner_and_large_codes_stay_on_the_sheet() -> None:
    assert 'viewBox="-4 -4.5 41 41" width="20.828mm" height="20.828mm"' in qr.qr_svg(LINK)
    assert 'width="38mm"' in qr.qr_svg(CERTIFICATE + "1234567890" * 60)


@pytest.mark.parametrize("text", [LINK, "pendek"])
def test_the_drawing_is_one_svg_of_its_own(text: str) -> None:
    drawing = qr.qr_svg(text)
    assert drawing.startswith("<svg")
    assert "DOCTYPE" not in drawing
