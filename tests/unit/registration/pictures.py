"""Pictures that people might upload as their photo, drawn by the test."""

from io import BytesIO
from random import Random
from typing import Any

from PIL import Image, ImageDraw

RED, BLUE = (190, 20, 30), (20, 30, 120)


def picture(width: int = 600, height: int = 800, mode: str = "RGB") -> Image.Image:
    """Red, with a blue bar along its top, so that it can be told which way up it is."""
    drawn = Image.new("RGB", (width, height), RED)
    ImageDraw.Draw(drawn).rectangle((0, 0, width, height // 4), fill=BLUE)
    return drawn.convert(mode)


def jpeg(drawn: Image.Image, **options: Any) -> bytes:
    return _saved(drawn, "JPEG", quality=85, **options)


def png(drawn: Image.Image) -> bytes:
    return _saved(drawn, "PNG")


def noise(width: int = 600, height: int = 800) -> Image.Image:
    """The hardest to pack."""
    return Image.frombytes("RGB", (width, height), Random(7).randbytes(width * height * 3))


def turned(orientation: int) -> bytes:
    """As a camera held otherwise saves it: the pixels lie, the EXIF orientation says how to turn them."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Kamera Contoh"
    rotations = {1: None, 3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}
    rotation = rotations[orientation]
    upright = picture()
    return jpeg(upright if rotation is None else upright.transpose(rotation), exif=exif)


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def _saved(drawn: Image.Image, kind: str, **options: Any) -> bytes:
    out = BytesIO()
    drawn.save(out, kind, **options)
    return out.getvalue()
