"""A specimen of a layout, made before any number is used: a broken layout is found while nothing can be lost to it."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from services.certificate.making.production import QR
from shared.credentials import ATTACHMENT
from shared.documents import qr, render_pdf

BOTH = ("Contoh", "Sample")
CHECK_URL = "http://127.0.0.1/certificate/check/aaaaabbbbb"
SPECIMEN: dict[str, Any] = {
    "number": "00000 0000 0 000000 0000",
    "registration_number": "CONTOH 0000 00000 0000",
    "name": "CONTOH",
    "field": BOTH,
    "scheme": BOTH,
    "standard": "Contoh",
    "validity": BOTH,
    "effective": BOTH,
    "expires": BOTH,
    "place_and_date": "Contoh",
    "on_behalf": BOTH,
    "issuer": "Contoh",
    "signatory": "Contoh",
    "role": BOTH,
    "decree": "Contoh",
    "units": [("Contoh", *BOTH)],
    "check_url": CHECK_URL,
    "check_code": "aaaaa-bbbbb",
    "version": 2,
    "version_date": "Contoh",
    "sample": True,
    "sheet_number": "",
}
"""A value for everything a layout may print (contoh)."""


def probe_layout(layout: Path) -> None:
    """Make the specimen, once for every state of the layout's folder. Raises DocumentError."""
    _make(layout, tuple(sorted((file.name, file.stat().st_mtime_ns) for file in layout.parent.iterdir())))


@lru_cache(maxsize=16)
def _make(layout: Path, _files: tuple[tuple[str, int], ...]) -> None:
    drawing = qr.qr_svg(CHECK_URL)
    render_pdf(layout, {**SPECIMEN, "qr": drawing}, files={QR: drawing.encode(), ATTACHMENT: b"{}"})
