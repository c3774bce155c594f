"""What photos become on their way to a certificate, and what is refused with which advice."""

import struct
import zlib
from contextlib import suppress
from io import BytesIO
from random import Random
from typing import Any

import pytest
from PIL import Image

from kompeten.demo import samples
from services.registration import photo_making
from services.registration.photo_making import MOST_BYTES, SIZE, draw_certificate_photo
from shared.errors import Invalid
from shared.runtime.confinement import Confinement
from tests.unit.registration.pictures import BLUE, RED, jpeg, noise, opened, picture, png, turned


def near(pixel: object, colour: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(one - other) < 30 for one, other in zip(pixel, colour, strict=True))


def refused(data: bytes) -> Invalid:
    with pytest.raises(Invalid) as caught:
        draw_certificate_photo(data)
    assert set(caught.value.fields) == {"file"}
    return caught.value


@pytest.mark.parametrize("data", [jpeg(picture()), png(picture()), samples.make_portrait()])
def test_a_photo_becomes_a_small_baseline_jpeg_at_300_dpi(data: bytes) -> None:
    made = draw_certificate_photo(data)
    shown = opened(made)
    assert (shown.format, shown.size, shown.mode) == ("JPEG", SIZE, "RGB")
    assert len(made) <= MOST_BYTES
    assert shown.info["dpi"] == (300, 300)
    assert b"\xff\xc0" in made
    assert b"\xff\xc2" not in made, "progressive"


def test_the_same_photo_gives_the_same_bytes() -> None:
    assert draw_certificate_photo(samples.make_portrait()) == draw_certificate_photo(samples.make_portrait())


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_it_stands_upright_however_the_camera_was_held_and_keeps_no_metadata(orientation: int) -> None:
    made = draw_certificate_photo(turned(orientation))
    shown = opened(made)
    assert near(shown.getpixel((177, 40)), BLUE)
    assert near(shown.getpixel((177, 400)), RED)
    assert b"Kamera" not in made
    assert not shown.getexif()
    assert set(shown.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"}


def test_a_comment_or_a_profile_does_not_come_along() -> None:
    made = draw_certificate_photo(jpeg(picture(), comment=b"rahasia", icc_profile=b"profil" * 30))
    assert b"rahasia" not in made
    assert b"profil" not in made


def test_pure_noise_still_fits() -> None:
    assert len(draw_certificate_photo(jpeg(noise()))) <= MOST_BYTES
    assert len(draw_certificate_photo(png(noise()))) <= MOST_BYTES


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "CMYK", "1"])
def test_any_kind_of_colour_is_understood(mode: str) -> None:
    drawn = picture(mode=mode)
    assert opened(draw_certificate_photo(jpeg(drawn) if mode == "CMYK" else png(drawn))).size == SIZE


def test_what_is_transparent_becomes_white() -> None:
    cut_out = picture(mode="RGBA")
    cut_out.putalpha(0)
    assert opened(draw_certificate_photo(png(cut_out))).getpixel((177, 236)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("size", "code"),
    [
        ((800, 600), "photo-not-upright"),
        ((300, 900), "photo-not-upright"),
        ((299, 399), "photo-too-small"),
        ((30, 40), "photo-too-small"),
    ],
)
def test_another_shape_or_a_thumbnail_is_refused(size: tuple[int, int], code: str) -> None:
    assert refused(jpeg(picture(*size))).code == code


@pytest.mark.parametrize("size", [(300, 400), (450, 800), (500, 500), (354, 472)])
def test_common_shapes_are_taken(size: tuple[int, int]) -> None:
    assert opened(draw_certificate_photo(jpeg(picture(*size)))).size == SIZE


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"GIF89a" + bytes(40), b"", b"MZ"])
def test_what_is_no_picture_is_refused_with_what_to_do(data: bytes) -> None:
    error = refused(data)
    assert error.code == "photo-no-picture"
    assert "JPEG" in error.message


def test_a_photo_with_a_second_one_inside_is_taken() -> None:
    """This failure mode means the photos of many telephones, a preview or a depth map inside, called damaged."""
    held = BytesIO()
    noise().save(held, "MPO", save_all=True, append_images=[noise().resize((60, 80))])
    with Image.open(BytesIO(held.getvalue())) as picture:
        assert picture.format == "MPO"
    assert opened(draw_certificate_photo(held.getvalue())).size == SIZE


def test_it_is_drawn_in_a_process_with_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    data = jpeg(noise())
    assert photo_making.make_certificate_photo(data) == draw_certificate_photo(data)
    monkeypatch.setattr(photo_making, "MAKERS", Confinement(seconds=5, memory_mb=60))
    with pytest.raises(Invalid) as refusal:
        photo_making.make_certificate_photo(transparent(2500, 3000))
    assert refusal.value.code == "photo-too-heavy"


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_the_largest_picture_is_lessened_before_it_is_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    """This failure mode means a PNG of 100 kB that unfolds to 600 MB in a service that may have 512."""
    converted: list[tuple[int, int]] = []
    convert = Image.Image.convert

    def watching(self: Image.Image, *args: Any, **kwargs: Any) -> Image.Image:
        if args[0] in ("RGB", "RGBA"):
            converted.append(self.size)
        return convert(self, *args, **kwargs)

    monkeypatch.setattr(Image.Image, "convert", watching)
    assert opened(draw_certificate_photo(transparent(4330, 5770))).size == SIZE
    assert converted
    assert max(height for _, height in converted) < 2 * 2 * 2 * SIZE[1]


def transparent(width: int, height: int) -> bytes:
    held = BytesIO()
    Image.new("RGBA", (width, height), (120, 40, 40, 200)).save(held, "PNG")
    return held.getvalue()


def test_a_photo_cut_off_in_the_middle_is_refused() -> None:
    whole = jpeg(noise())
    assert refused(whole[: len(whole) // 2]).code == "photo-unreadable"


def bomb(width: int, height: int) -> bytes:
    """A PNG that says it has so many pixels; its data would be a few kilobytes of zeros."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(bytes(100_000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + data + chunk(b"IEND", b"")


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("size", [(6_000, 8_000), (9_000, 12_000), (60_000, 80_000)])
def test_a_bomb_is_refused_by_its_header(size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image.Image, "load", lambda *_: pytest.fail("it was decoded"))
    assert refused(bomb(*size)).code == "photo-too-large"


def test_a_photo_of_a_good_camera_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photo_making, "MOST_PIXELS", {"JPEG": 12_000_000, "PNG": 12_000_000})
    assert opened(draw_certificate_photo(jpeg(picture(3000, 4000)))).size == SIZE


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_damaged_bytes_give_a_photo_or_a_refusal_and_nothing_else() -> None:
    chance, whole = Random(3), turned(6)
    for _ in range(200):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 20)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        with suppress(Invalid):
            assert opened(draw_certificate_photo(bytes(damaged))).size == SIZE
