"""QR codes, drawn as SVG for documents and as PNG for screens."""

import struct
import zlib
from typing import Any

import zxingcpp

LEVEL = "M"
"""Restores 15 % of the code: enough for a framed sheet behind glass."""


def svg(text: str) -> str:
    """The code as an SVG with its quiet zone, one unit a module, scaled by whoever places it."""
    drawing: str = _code(text).to_svg(add_quiet_zones=True)
    return drawing[drawing.index("<svg") :]


def png(text: str, scale: int = 6) -> bytes:
    """The code as a grey PNG, `scale` pixels a module, with its quiet zone."""
    image = _code(text).to_image(scale=scale, add_quiet_zones=True)
    height, width = image.shape[0], image.shape[1]
    return _grey_png(bytes(image), width, height)


def _code(text: str) -> Any:
    return zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=LEVEL)


def _grey_png(pixels: bytes, width: int, height: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = b"".join(b"\0" + pixels[y * width : (y + 1) * width] for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")
