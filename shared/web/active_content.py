"""What who uploads a PDF is told of what acts in it, and how pages name it."""

from collections.abc import Iterable, Sequence

from babel.lists import format_list

from shared.active_content.kinds import ActiveContent, list_to_mend
from shared.errors import N_
from shared.web.formats import label_of
from shared.web.pages import leave_notice
from shared.web.translation import current_locale

TO_MEND = N_(
    "Berkas itu memuat {kinds}. Berkas sudah kami simpan dan petugas melihat catatan ini. Bila tidak Anda sengaja, "
    "cetak dokumennya ke PDF sekali lagi, unggah hasilnya, lalu hapus berkas yang ini."
)


def warn_of_active_content(found: Sequence[ActiveContent]) -> None:
    """Leave a notice for who uploaded it: what is in it, that it was taken nevertheless, and how to mend it."""
    if to_mend := list_to_mend(found):
        leave_notice(TO_MEND, "warning", kinds=list_in_words(to_mend))


def list_in_words(members: Iterable[ActiveContent]) -> str:
    """What states or choices are called, as a list within a sentence: `skrip, formulir, dan tautan`."""
    return format_list([str(label_of(member)) for member in members], locale=current_locale())
