"""Files of the wild: what phones and scanners make is taken and kept fit to be shown; what nobody can open is told."""

import logging
from io import BytesIO
from typing import Any

import pikepdf
import pillow_heif
import pytest
from pikepdf import Encryption
from PIL import Image

from shared.errors import Invalid, OurFault
from shared.uploads import reading
from shared.uploads.pictures import redraw_picture
from shared.uploads.reading import ReadFile, read_file
from shared.web.uploads import TYPES, Upload, guess_type
from tests.pdfs import write_pdf
from tests.unit.registration.pictures import BLUE, RED, picture
from tests.unit.uploads.cases import fail_like_ours, read_case

pillow_heif.register_heif_opener()
PLACE = b"GPS-CONTOH"


def read(data: bytes) -> ReadFile:
    kind = guess_type(data)
    assert kind in TYPES, kind
    return read_file(Upload(f"foto.{TYPES[kind]}", kind, data, "0" * 64))


def refused(data: bytes) -> Invalid:
    with pytest.raises(Invalid) as caught:
        read(data)
    assert set(caught.value.fields) == {"file"}
    return caught.value


def write(kind: str, drawn: Image.Image | None = None, **options: Any) -> bytes:
    out = BytesIO()
    (drawn or picture()).save(out, kind, **options)
    return out.getvalue()


def metadata(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Kamera Contoh"
    exif.get_ifd(0x8825)[29] = PLACE.decode()
    return exif


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


LYING = picture().transpose(Image.Transpose.ROTATE_90)
OF_PHONES = {
    "plain": write("JPEG"),
    "progressive": write("JPEG", progressive=True),
    "grey": write("JPEG", picture(mode="L")),
    "cmyk": write("JPEG", picture(mode="CMYK")),
    "two pictures": write("MPO", save_all=True, append_images=[Image.new("RGB", (60, 80), "green")]),
    "located": write("JPEG", exif=metadata(), comment=b"rahasia"),
    "lying": write("JPEG", LYING, exif=metadata(6)),
    "lying, two pictures": write("MPO", LYING, exif=metadata(6), save_all=True, append_images=[picture(60, 80)]),
    "heic": write("HEIF", exif=metadata()),
    "heic, deep": write("HEIF", picture(), bit_depth=10, quality=90),
}


@pytest.mark.parametrize("name", OF_PHONES)
def test_what_a_phone_makes_is_kept_upright_and_without_a_word_of_the_place(name: str) -> None:
    kept = read(OF_PHONES[name])
    shown = opened(kept.data)
    assert (kept.content_type, shown.format, shown.size) == ("image/jpeg", "JPEG", (600, 800))
    assert kept.name == "foto.jpg"
    assert getattr(shown, "n_frames", 1) == 1
    top, bottom = (shown.convert("RGB").getpixel(at) for at in ((300, 60), (300, 700)))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    if name != "grey":
        assert max(range(3), key=top.__getitem__) == 2, "blue"
        assert max(range(3), key=bottom.__getitem__) == 0, "red"
    assert not shown.getexif()
    assert set(shown.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert all(word not in kept.data for word in (PLACE, b"Kamera", b"rahasia", b"Exif"))


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "LA", "L", "P", "1"])
def test_a_png_stays_one_without_metadata(mode: str) -> None:
    drawn = picture(mode="RGBA").convert(mode) if mode != "LA" else picture(mode="L").convert("LA")
    kept = read(write("PNG", drawn, exif=metadata()))
    assert kept.content_type == "image/png"
    assert opened(kept.data).mode == mode
    assert PLACE not in kept.data
    assert not opened(kept.data).getexif()


def test_sixteen_bits_of_grey_become_eight_of_the_same_grey() -> None:
    kept = read(write("PNG", Image.new("I;16", (40, 60), 0x8000)))
    assert opened(kept.data).mode == "L"
    assert opened(kept.data).getpixel((20, 30)) == 0x80


def test_a_lying_png_is_turned() -> None:
    assert opened(read(write("PNG", LYING, exif=metadata(6))).data).size == (600, 800)


def test_notes_of_the_camera_that_nobody_can_read_spoil_no_picture() -> None:
    broken = bytearray(write("JPEG", exif=metadata(6)))
    at = broken.index(b"Exif\0\0") + 14
    broken[at : at + 20] = b"\xff" * 20
    assert opened(read(bytes(broken)).data).size == (600, 800)


def test_a_jpeg_with_two_pictures_is_taken() -> None:
    assert opened(read(read_case("01.jpg")).data).size == (300, 400)


def test_a_pdf_with_a_byte_before_its_header_is_taken_as_it_is() -> None:
    data = read_case("02.pdf")
    assert read(data).data == data


@pytest.mark.parametrize(
    ("data", "code"),
    [(read_case("03.pdf"), "pdf-locked"), (read_case("03b.pdf"), "pdf-damaged"), (write_pdf()[:200], "pdf-damaged")],
)
def test_a_pdf_that_nobody_can_open_is_told(data: bytes, code: str) -> None:
    assert refused(data).code == code


def test_a_pdf_without_pages_is_told() -> None:
    with pikepdf.Pdf.new() as pdf:
        out = BytesIO()
        pdf.save(out)
    assert refused(out.getvalue()).code == "pdf-damaged"


def test_a_pdf_that_only_its_owner_may_change_is_taken() -> None:
    assert read(write_pdf(encryption=Encryption(user="", owner="rahasia"))).active_content == []


def test_a_pdf_with_an_object_taken_out_is_taken() -> None:
    """Programs that save again leave `null` where something was; walking it failed, and the sender was told "rusak"."""
    before, table, after = write_pdf().partition(b"xref\n")
    assert read(before + b"9 0 obj\nnull\nendobj\n" + table + after).active_content == []


@pytest.mark.parametrize("name", ["plain", "progressive", "two pictures", "heic"])
def test_half_a_picture_is_told(name: str) -> None:
    data = OF_PHONES[name]
    half = data[: len(data) * 2 // 5] if name == "two pictures" else data[: len(data) // 2]
    assert refused(half).code == "picture-unreadable"


def test_everything_gets_a_small_picture() -> None:
    for data in (OF_PHONES["lying"], write("PNG", picture(mode="P")), write_pdf()):
        preview = read(data).preview
        assert preview is not None
        assert opened(preview).format == "JPEG"
        assert max(opened(preview).size) <= 240
    assert RED != BLUE


def test_our_own_mistake_is_logged_and_never_called_the_senders(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(reading, "redraw_picture", fail_like_ours)
    with caplog.at_level(logging.ERROR), pytest.raises(OurFault) as caught:
        read(OF_PHONES["plain"])
    assert (caught.value.code, caught.value.status) == ("file-unread", 500)
    assert "kesalahan pada sistem kami" in str(caught.value)
    assert "KeyError" in caplog.text
    assert "fail_like_ours" in caplog.text, "where it happened, though that was in another process"
    assert "isi berkas" not in caplog.text


def test_a_decoders_table_that_lacks_a_word_is_our_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    """This failure mode means "rusak" said of a good photo: a KeyError of the decoder taken for broken bytes."""
    monkeypatch.setattr(Image.Image, "transpose", fail_like_ours)
    with pytest.raises(KeyError):
        redraw_picture(OF_PHONES["lying"], "image/jpeg")
