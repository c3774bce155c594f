"""How large a picture of a stranger unfolds, by its header alone; in a confined process, as strangers feed the reader.

A small file may unfold to gigabytes, on the machine of whoever opens it.
"""

import warnings
from io import BytesIO

from PIL import Image

from shared.errors import N_, Invalid

MOST_PIXELS = 100_000_000
"""A page of A3 at 600 dots to the inch has 70 million."""
TOO_MANY_PIXELS = N_(
    "Gambar ini terlalu besar: lebih dari {mp} megapiksel. Pindai dengan resolusi yang lebih rendah, lalu unggah lagi."
)


def refuse_unfolding_picture(data: bytes) -> None:
    """Raise Invalid on `file` for a picture of more than MOST_PIXELS; what no header can be read of unfolds nowhere."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            with Image.open(BytesIO(data), formats=["JPEG", "PNG"]) as picture:
                pixels = picture.width * picture.height
        except Image.DecompressionBombError:
            pixels = MOST_PIXELS + 1
        except MemoryError:
            raise
        except Exception:  # a reader over hostile bytes may raise anything
            return
    if pixels > MOST_PIXELS:
        mp = MOST_PIXELS // 1_000_000
        raise Invalid("picture-too-large", TOO_MANY_PIXELS, fields={"file": TOO_MANY_PIXELS}, mp=mp)
