"""Pictures of strangers drawn anew from their pixels: upright, the first of several, without a word about the place.

In a confined process alone, as strangers feed the decoders. What a decoder says of broken bytes is the sender's to
mend; whatever else goes wrong in here is ours, and is raised as it is.
"""

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import ExifTags, Image, UnidentifiedImageError

from shared.errors import N_, Invalid
from shared.uploads.previews import draw_preview

JPEG, PNG, HEIF = "image/jpeg", "image/png", "image/heic"
DECODERS = {JPEG: "JPEG", PNG: "PNG", HEIF: "HEIF"}
"""What a picture of each type is opened with, and with nothing else."""
BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error)
"""What decoders raise for bytes that are damaged or cut off; their other errors are mistakes, and not the sender's."""
MOST_PIXELS = 100_000_000
"""A page of A3 at 600 dots to the inch has 70 million."""
UNFOLDED = 100_000_000
"""Bytes of a picture unfolded in memory, of which there are two for a moment."""
SHARP = 25_000_000
"""Pixels beyond which a photograph is kept at half its size: a page of A3 at 300 dots to the inch has 17 million."""
BYTES_OF_PIXEL = {"1": 1, "L": 1, "P": 1, "I;16": 3}
"""How much a pixel takes while it is worked on; four bytes in every other mode."""
QUALITIES = (90, 80)
"""The first that is not larger than what was sent; up to SMALL the first is taken anyway."""
SMALL = 1024 * 1024
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""EXIF orientation (CIPA DC-008, tag 0112h) to what turns the pixels upright."""

TOO_MANY_PIXELS = N_(
    "Gambar ini terlalu besar: lebih dari {mp} megapiksel. Pindai dengan resolusi yang lebih rendah, lalu unggah lagi."
)
UNREADABLE = N_(
    "Gambar ini tidak utuh, jadi tidak dapat dibuka. Ambil foto atau pindai sekali lagi, lalu unggah hasilnya."
)


@dataclass(frozen=True, slots=True)
class Redrawn:
    """A picture as it is kept, JPEG or PNG, and a small JPEG of it."""

    data: bytes
    content_type: str
    preview: bytes


def redraw_picture(data: bytes, content_type: str) -> Redrawn:
    """Return the picture upright, without metadata: a PNG stays one, all else becomes a JPEG.

    Of a file with several pictures the first is taken; sixteen bits a colour become eight, CMYK becomes RGB.
    Raises Invalid on `file` for what is damaged, and for what unfolds to more than this process may hold.
    """
    with open_picture(data, content_type) as picture:
        _refuse_unfolding(picture)
        picture.load()
        turn = TURNS.get(read_orientation(picture))
    upright = picture if turn is None else picture.transpose(turn)
    del picture
    if content_type == PNG:
        drawn = _keep_png_mode(upright)
        return Redrawn(_write(drawn, "PNG", compress_level=4), PNG, draw_preview(drawn))
    drawn = flatten_picture(upright)
    return Redrawn(_write_jpeg(drawn, len(data)), JPEG, draw_preview(drawn))


@contextmanager
def open_picture(data: bytes, content_type: str) -> Iterator[Image.Image]:
    """Open the first picture in `data`, whose pixels are read by its `load()` inside the block.

    Raises Invalid on `file` where the decoder finds the bytes damaged, also inside the block: so do there nothing but
    decode.
    """
    if content_type == HEIF:
        _teach_heif()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(BytesIO(data), formats=[DECODERS[content_type]])
    except Image.DecompressionBombError as error:
        raise _too_many_pixels(MOST_PIXELS) from error
    except (UnidentifiedImageError, *BROKEN) as error:
        raise _refused("picture-unreadable", UNREADABLE) from error
    with picture:
        try:
            yield picture
        except BROKEN as error:
            raise _refused("picture-unreadable", UNREADABLE) from error


def read_orientation(picture: Image.Image) -> int:
    """Return how the camera was held, 1 to 8; 1 where that is not said, or said in a way nobody can read."""
    try:
        told = picture.getexif().get(ExifTags.Base.Orientation)
    except Exception:
        return 1
    return told if isinstance(told, int) and told in TURNS else 1


def flatten_picture(picture: Image.Image) -> Image.Image:
    """Return the picture in grey or RGB, eight bits a colour; what is transparent becomes white."""
    if picture.mode.startswith("I;16"):
        return _halve_depth(picture)
    if "transparency" not in picture.info and picture.mode not in ("RGBA", "LA", "PA"):
        return picture if picture.mode in ("L", "RGB") else picture.convert("RGB")
    layer = picture.convert("RGBA")
    ground = Image.new("RGB", layer.size, "white")
    ground.paste(layer, mask=layer.getchannel("A"))
    return ground


def _refuse_unfolding(picture: Image.Image) -> None:
    """By the header alone; a JPEG of many pixels will be decoded at half its size."""
    pixels = picture.width * picture.height
    if pixels > MOST_PIXELS:
        raise _too_many_pixels(MOST_PIXELS)
    if pixels > SHARP and picture.format in ("JPEG", "MPO"):
        picture.draft(None, (picture.width // 2, picture.height // 2))
        pixels = picture.width * picture.height
    most = UNFOLDED // BYTES_OF_PIXEL.get(picture.mode, 4)
    if pixels > most:
        raise _too_many_pixels(most)


def _keep_png_mode(picture: Image.Image) -> Image.Image:
    """The picture in a mode that PNG holds in eight bits, with nothing said beside it but what is transparent."""
    kept = _halve_depth(picture) if picture.mode.startswith("I") else picture
    kept.info = {name: value for name, value in kept.info.items() if name == "transparency"}
    return kept


def _halve_depth(picture: Image.Image) -> Image.Image:
    """Sixteen bits of grey become eight: the upper byte of each."""
    upper = 0 if picture.mode == "I;16B" else 1
    grey = picture if picture.mode in ("I;16", "I;16B") else picture.convert("I;16")
    return Image.frombytes("L", grey.size, grey.tobytes()[upper::2])


def _write_jpeg(picture: Image.Image, sent: int) -> bytes:
    picture.info = {}
    for quality in QUALITIES:
        data = _write(picture, "JPEG", quality=quality, subsampling="4:2:0")
        if len(data) <= max(sent, SMALL):
            break
    return data


def _write(picture: Image.Image, kind: str, **options: Any) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def _teach_heif() -> None:
    """Let Pillow read what iPhones make; loaded where one comes, as it is large."""
    import pillow_heif

    pillow_heif.register_heif_opener(thumbnails=False)


def _too_many_pixels(most: int) -> Invalid:
    return _refused("picture-too-large", TOO_MANY_PIXELS, mp=most // 1_000_000)


def _refused(code: str, message: str, **params: Any) -> Invalid:
    return Invalid(code, message, fields={"file": message}, **params)
