"""A small picture of what was uploaded, for lists: drawn by us, so a page may show it where the file itself may not."""

from io import BytesIO

from PIL import Image

SIDE = 240
"""Pixels of the longer side: twice what a list shows, for screens with fine dots."""
QUALITY = 70


def draw_preview(picture: Image.Image) -> bytes:
    """Return a JPEG of the picture within SIDE by SIDE pixels, on white."""
    factor = max(*picture.size, SIDE) / SIDE
    size = (
        (max(1, round(picture.width / factor)), max(1, round(picture.height / factor))) if factor > 1 else picture.size
    )
    if picture.mode in ("1", "P"):
        small = picture.resize(size, Image.Resampling.NEAREST).convert("RGBA")
    else:
        small = picture.resize(size, Image.Resampling.BOX, reducing_gap=2.0).convert("RGBA")
    ground = Image.new("RGB", size, "white")
    ground.paste(small, mask=small.getchannel("A"))
    out = BytesIO()
    ground.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
