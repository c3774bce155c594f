"""Asked for each file that is to stay: can it be opened, what is in it, and what is kept of it."""

import hashlib
import logging
from dataclasses import dataclass
from pathlib import PurePath

from shared.active_content.kinds import ActiveContent
from shared.active_content.walking import list_active_content
from shared.errors import N_, Invalid, Refusal
from shared.faults import describe_fault, telling_own_faults
from shared.runtime.confinement import Confinement, Overran
from shared.uploads.first_pages import draw_pdf_preview
from shared.uploads.pictures import redraw_picture
from shared.web.uploads import PDF, TYPES, Upload

log = logging.getLogger(__name__)

READERS = Confinement(seconds=8, memory_mb=400, processes=2)
"""The heaviest picture that is taken needs two seconds and 300 MiB, a PDF of the most parts a second and 60."""
PAGES = Confinement(seconds=2, memory_mb=400)
"""Where first pages of PDFs are drawn: a usual one takes a tenth of a second."""
TOO_HEAVY = N_(
    "PDF ini terlalu berat untuk diperiksa. Buka dokumen aslinya, cetak ke PDF sekali lagi, lalu unggah hasilnya."
)
PICTURE_TOO_HEAVY = N_("Gambar ini terlalu berat untuk diperiksa. Simpan ulang sebagai JPEG, lalu unggah lagi.")


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file as it is kept. `sent_sha256` is of the bytes as they came, `preview` a small JPEG of them if there is one.

    Pictures are kept as they were drawn anew; a PDF is kept byte by byte, as it may bear a signature.
    """

    name: str
    content_type: str
    data: bytes
    sha256: str
    sent_sha256: str
    active_content: list[ActiveContent]
    preview: bytes | None


def read_file(upload: Upload) -> ReadFile:
    """Open what was uploaded, in a process with limits, and return what is to be kept of it.

    Raises Invalid on `file`, with what to do, for what nobody can open (locked, damaged, cut off) or what is too much
    work; OurFault where reading it went wrong by a mistake of ours, which is logged; Unavailable while too many others
    are being read.
    """
    with telling_own_faults("reading an upload"):
        try:
            return _read_pdf(upload) if upload.content_type == PDF else _read_picture(upload)
        except Overran as error:
            message = TOO_HEAVY if upload.content_type == PDF else PICTURE_TOO_HEAVY
            code = "pdf-too-heavy" if upload.content_type == PDF else "picture-too-heavy"
            raise Invalid(code, message, fields={"file": message}) from error


def _read_pdf(upload: Upload) -> ReadFile:
    found = READERS.run(list_active_content, upload.data)
    return ReadFile(upload.name, PDF, upload.data, upload.sha256, upload.sha256, found, _draw_page(upload.data))


def _read_picture(upload: Upload) -> ReadFile:
    drawn = READERS.run(redraw_picture, upload.data, upload.content_type)
    name = str(PurePath(upload.name).with_suffix(f".{TYPES[drawn.content_type]}"))
    sha256 = hashlib.sha256(drawn.data).hexdigest()
    return ReadFile(name, drawn.content_type, drawn.data, sha256, upload.sha256, [], drawn.preview)


def _draw_page(data: bytes) -> bytes | None:
    """The first page, small. A PDF that opens is taken whether we can draw it or not: without, lists show a mark."""
    try:
        return PAGES.run(draw_pdf_preview, data)
    except Refusal:
        raise
    except Exception as error:
        log.warning("no preview of a PDF was drawn: %s", describe_fault(error))
        return None
