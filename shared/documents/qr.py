"""QR codes, drawn as SVG for documents and as PNG for screens."""

import struct
import zlib
from typing import Any

import zxingcpp

LEVEL, LARGE_LEVEL = "M", "L"
"""Restores 15 % of the code: enough for a framed sheet behind glass; of a large code 7 %, so that a module stays wide
enough to be seen (on 34 mm, two dots of a scan at 100 dpi)."""
LARGE = 600
"""Characters, most of them digits as in a certificate's code."""
NOISE, MASK = 250, 2
"""Characters from which on most of a text is a signature, and the mask it then gets."""
QUIET = 4
"""Modules left white around the code (ISO/IEC 18004)."""
MODULE, MOST = 0.508, 38.0
"""Millimetres: a module is a fiftieth of an inch, whole dots for scanners and printers of 100, 150, 300 and 600 dpi
(2.2 dots a module is what some readers fail at); a large code gets smaller modules, to stay within `MOST`."""
BLACK, WHITE = 0, 255


def qr_svg(text: str) -> str:
    """The QR code of `text` as an SVG with its quiet zone, one unit a module, in the size it is best printed at.

    One line for each run of dark modules: half the size, and a fourth of the time, of a square for each module.
    """
    image = _code(text).to_image(scale=1, add_quiet_zones=False)
    pixels, width = bytes(image), image.shape[1]
    lines = "".join(_runs(pixels[y * width : (y + 1) * width], y) for y in range(width))
    side = width + 2 * QUIET
    size = min(side * MODULE, MOST)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-QUIET} {-QUIET - 0.5} {side} {side}" '
        f'width="{size:g}mm" height="{size:g}mm"><path stroke="#000" d="{lines}"/></svg>'
    )


def _runs(row: bytes, y: int) -> str:
    """The dark stretches of row `y` as an SVG path: `M3 7H9M11 7H12`."""
    runs, end = [], 0
    while (start := row.find(BLACK, end)) >= 0:
        end = row.find(WHITE, start)
        end = end if end >= 0 else len(row)
        runs.append(f"M{start} {y}H{end}")
    return "".join(runs)


def qr_png(text: str, scale: int = 6) -> bytes:
    """The QR code of `text` as a grey PNG with its quiet zone, `scale` pixels a module."""
    image = _code(text).to_image(scale=scale, add_quiet_zones=True)
    height, width = image.shape[0], image.shape[1]
    return _grey_png(bytes(image), width, height)


def _code(text: str) -> Any:
    """The QR code of `text`, with less error correction from `LARGE` characters on.

    From `NOISE` characters on the mask is fixed: a signed text looks like noise, so any of the eight masks is as good
    as the best of them, and choosing takes nine tenths of the time.
    """
    level = LEVEL if len(text) <= LARGE else LARGE_LEVEL
    options = {"data_mask": MASK} if len(text) >= NOISE else {}
    return zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=level, **options)


def _grey_png(pixels: bytes, width: int, height: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = b"".join(b"\0" + pixels[y * width : (y + 1) * width] for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")
