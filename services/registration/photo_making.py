"""The holder's photo as a certificate shows it: upright, 3 by 4, no bigger than it must be (domain handbook 3.3, 5).

Whatever camera it came from, what leaves here is drawn anew from its pixels: no metadata, no profile, no thumbnail.
"""

from io import BytesIO
from typing import Any

from PIL import Image, ImageFilter, ImageOps, UnidentifiedImageError

from shared.errors import N_, Invalid
from shared.faults import telling_own_faults
from shared.runtime.confinement import Confinement, Overran
from shared.uploads.pictures import BROKEN, TURNS, flatten_picture, read_orientation
from shared.web.uploads import PICTURES

MAKERS = Confinement(seconds=5, memory_mb=320)
"""The largest picture that may come takes a second and 230 MiB."""
SIZE = (354, 472)
"""3 x 4 cm at 300 dots to the inch, in pixels."""
DPI = 300
MOST_BYTES = 60 * 1024
LEAST = (300, 400)
"""What must be left of the picture once it is cut to 3 by 4: less prints coarse."""
NARROWEST, WIDEST = 0.55, 1.0
"""Width over height: a telephone held upright to a square."""
MOST_PIXELS = {"JPEG": 50_000_000, "PNG": 25_000_000}
"""A small file may unfold to gigabytes. JPEG is decoded at a fraction of its size, PNG as it is."""
ABOVE_THE_HEAD = 0.3
"""Of what is cut off above and below: the lesser part above, where the head is."""
QUALITIES = (90, 84, 78, 70, 60, 50, 40)
TURNED = (5, 6, 7, 8)
"""EXIF orientations that exchange width and height."""

TYPES = set(PICTURES)

NO_PICTURE = N_(
    "Pasfoto harus berupa gambar JPEG, PNG, atau HEIC. Ambil foto atau pindai pasfoto Anda, lalu unggah lagi."
)
UNREADABLE = N_("Foto ini rusak atau tidak dapat dibaca. Simpan ulang sebagai JPEG, lalu unggah lagi.")
TOO_HEAVY = N_("Foto ini terlalu berat untuk dibaca. Simpan ulang sebagai JPEG yang lebih kecil, lalu unggah lagi.")
TOO_MANY_PIXELS = N_("Foto ini terlalu besar. Kecilkan sampai paling banyak {mp} megapiksel, lalu unggah lagi.")
TOO_SMALL = N_(
    "Foto ini terlalu kecil untuk dicetak. Unggah foto paling sedikit {width} x {height} piksel, "
    "misalnya langsung dari kamera ponsel."
)
NOT_UPRIGHT = N_(
    "Pasfoto harus tegak dengan perbandingan 3 x 4. Potong foto sehingga tingginya lebih dari lebarnya, lalu unggah."
)


def make_certificate_photo(data: bytes) -> bytes:
    """Return a baseline JPEG of 354 x 472 pixels and at most 60 KiB: the same bytes for the same photo.

    Raises Invalid on `file`, with what to do, for what is no picture, damaged, a bomb, too small or of another shape;
    OurFault where making it went wrong by a mistake of ours; Unavailable while too many others are being made. Done in
    a process with limits of time and memory.
    """
    with telling_own_faults("making a photo"):
        try:
            return MAKERS.run(draw_certificate_photo, data)
        except Overran as error:
            raise _refused("photo-too-heavy", TOO_HEAVY) from error


def draw_certificate_photo(data: bytes) -> bytes:
    """Make the photo in this very process: for `make_certificate_photo` alone, as decoders are fed by strangers."""
    picture, orientation = _decode(data)
    upright = _upright(_lessened(picture), orientation)
    return _written(ImageOps.fit(upright, SIZE, Image.Resampling.LANCZOS, centering=(0.5, ABOVE_THE_HEAD)))


def _decode(data: bytes) -> tuple[Image.Image, int]:
    """The first picture, and how it is turned. Its sender is told of broken bytes alone: other errors are ours."""
    try:
        with Image.open(BytesIO(data), formats=list(MOST_PIXELS)) as picture:
            _check_pixels(picture)
            orientation = read_orientation(picture)
            _check_shape(picture, orientation)
            # JPEG is decoded at a fraction of its size: fifty megapixels never unfold in memory.
            picture.draft(None, (2 * SIZE[1], 2 * SIZE[1]))
            picture.load()
    except UnidentifiedImageError as error:
        raise _refused("photo-no-picture", NO_PICTURE) from error
    except Image.DecompressionBombError as error:
        raise _refused("photo-too-large", TOO_MANY_PIXELS, mp=_megapixels("PNG")) from error
    except BROKEN as error:
        raise _refused("photo-unreadable", UNREADABLE) from error
    return picture, orientation


def _check_pixels(picture: Image.Image) -> None:
    """Judged by the header alone, before anything is decoded."""
    width, height = picture.size
    # a JPEG with a second picture inside (a preview, a depth map) has a name of its own with the decoder: MPO
    kind = "PNG" if picture.format == "PNG" else "JPEG"
    if width * height > MOST_PIXELS[kind]:
        raise _refused("photo-too-large", TOO_MANY_PIXELS, mp=_megapixels(kind))


def _check_shape(picture: Image.Image, orientation: int) -> None:
    """What is left once it is cut to 3 by 4."""
    width, height = picture.size
    if orientation in TURNED:
        width, height = height, width
    if not NARROWEST <= width / height <= WIDEST:
        raise _refused("photo-not-upright", NOT_UPRIGHT)
    if min(width / LEAST[0], height / LEAST[1]) < 1:
        raise _refused("photo-too-small", TOO_SMALL, width=LEAST[0], height=LEAST[1])


def _lessened(picture: Image.Image) -> Image.Image:
    """A picture of twice the size that is wanted at least: what follows holds several copies of it."""
    factor = min(picture.size) // (2 * SIZE[1])
    if factor < 2:
        return picture
    if picture.mode in ("1", "P"):
        picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    return picture.reduce(factor)


def _upright(picture: Image.Image, orientation: int) -> Image.Image:
    """Turned as the camera says, in plain colours; what is transparent becomes white."""
    turn = TURNS.get(orientation)
    return flatten_picture(picture if turn is None else picture.transpose(turn)).convert("RGB")


def _written(picture: Image.Image) -> bytes:
    """The first quality that fits; a picture of pure noise fits once it is smoothed."""
    clean = Image.new("RGB", SIZE)
    clean.paste(picture)
    for quality in QUALITIES:
        if len(data := _jpeg(clean, quality)) <= MOST_BYTES:
            return data
    return _jpeg(clean.filter(ImageFilter.GaussianBlur(1.5)), QUALITIES[-1])


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=quality, optimize=True, progressive=False, subsampling="4:2:0", dpi=(DPI, DPI))
    return out.getvalue()


def _megapixels(kind: str) -> int:
    return MOST_PIXELS[kind] // 1_000_000


def _refused(code: str, message: str, **params: Any) -> Invalid:
    return Invalid(code, message, fields={"file": message}, **params)
