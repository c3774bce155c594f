"""Asked for each upload once it may be kept: what is in a PDF besides what is read, and how large a picture unfolds."""

from shared.active_content.kinds import ActiveContent
from shared.active_content.pictures import refuse_unfolding_picture
from shared.active_content.walking import list_active_content
from shared.errors import N_, Invalid
from shared.runtime.confinement import Confinement, Overran

PDF = "application/pdf"
READERS = Confinement(seconds=5, memory_mb=320, processes=2)
"""The most parts that are looked at take a second, ten megabytes of anything else a tenth; 40 MiB do for both."""
TOO_HEAVY = N_(
    "PDF ini terlalu berat untuk diperiksa. Buka dokumen aslinya, cetak ke PDF sekali lagi, lalu unggah hasilnya."
)
PICTURE_TOO_HEAVY = N_("Gambar ini terlalu berat untuk diperiksa. Simpan ulang sebagai JPEG, lalu unggah lagi.")


def examine_upload(data: bytes, content_type: str) -> list[ActiveContent]:
    """Return what a PDF of a stranger holds that acts; nothing for a picture.

    Raises Invalid on `file`, with what to do, for a PDF that nobody can open (locked, damaged) or that cannot be looked
    through within the limits, and for a picture too large for whoever opens it; Unavailable while too many others are
    being examined.
    """
    try:
        if content_type == PDF:
            return READERS.run(list_active_content, data)
        READERS.run(refuse_unfolding_picture, data)
    except Overran as error:
        message = TOO_HEAVY if content_type == PDF else PICTURE_TOO_HEAVY
        code = "pdf-too-heavy" if content_type == PDF else "picture-too-heavy"
        raise Invalid(code, message, fields={"file": message}) from error
    return []
