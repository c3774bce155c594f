import struct
import zlib

import pytest
import zxingcpp

from shared.documents import qr

LINK = "https://lsp.contoh.test/certificate/check/3f9sdkfjh2384hf"


def test_the_picture_says_the_text() -> None:
    png = qr.png(LINK)
    width, height = struct.unpack(">II", png[16:24])
    at = png.index(b"IDAT")
    size = struct.unpack(">I", png[at - 4 : at])[0]
    rows = zlib.decompress(png[at + 4 : at + 4 + size])
    pixels = b"".join(rows[y * (width + 1) + 1 : (y + 1) * (width + 1)] for y in range(height))
    view = zxingcpp.ImageView(pixels, width, height, zxingcpp.ImageFormat.Lum)
    (code,) = zxingcpp.read_barcodes(view)
    assert code.text == LINK


@pytest.mark.parametrize("text", [LINK, "pendek"])
def test_the_drawing_is_one_svg_of_its_own(text: str) -> None:
    drawing = qr.svg(text)
    assert drawing.startswith("<svg")
    assert "DOCTYPE" not in drawing
