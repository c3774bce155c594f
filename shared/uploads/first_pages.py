"""The first page of a PDF, drawn small by Typst: in a confined process alone, as strangers feed it."""

import os
from io import BytesIO
from typing import Any

import typst
from PIL import Image

from shared.uploads.previews import SIDE, draw_preview

COMPILE: Any = typst.compile
"""Its types want the source and the folder to be of one kind."""
PAPER = """#set page(width: {side}pt, height: {side}pt, margin: 0pt, fill: white)
#align(center + horizon, image("/{file}", format: "pdf", page: 1, width: {side}pt, height: {side}pt, fit: "contain"))
"""


def draw_pdf_preview(data: bytes) -> bytes:
    """Return a JPEG of the first page. Raises RuntimeError (of Typst) for a page that it cannot draw.

    The PDF lies in memory alone meanwhile, under the name of a descriptor of this process.
    """
    descriptor = os.memfd_create("page")
    try:
        with os.fdopen(descriptor, "wb", closefd=False) as file:
            file.write(data)
        source = PAPER.format(side=SIDE, file=descriptor)
        drawn = COMPILE(source.encode(), root="/proc/self/fd", format="png", ppi=72.0)
    finally:
        os.close(descriptor)
    with Image.open(BytesIO(drawn), formats=["PNG"]) as page:
        return draw_preview(page)
