"""The kinds of active content in a PDF, and their names for people."""

import enum
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator

from shared.errors import N_


class ActiveContent(StrEnum):
    """Something in a PDF that acts, hides or leads elsewhere (ISO 32000-1: 7.11.4, 12.6, 12.7.8, 13).

    `UNREAD` stands for the rest of a PDF that has more parts than are looked through.
    """

    SCRIPT = "script"
    AUTOMATIC = "automatic"
    LAUNCH = "launch"
    SUBMIT = "submit"
    IMPORT = "import"
    OTHER_FILE = "other_file"
    MEDIA = "media"
    ATTACHMENT = "attachment"
    XFA = "xfa"
    LINK = "link"
    UNREAD = "unread"


NAMES: dict[enum.Enum, str] = {
    ActiveContent.SCRIPT: N_("skrip (program kecil)"),
    ActiveContent.AUTOMATIC: N_("tindakan yang berjalan sendiri"),
    ActiveContent.LAUNCH: N_("perintah menjalankan program"),
    ActiveContent.SUBMIT: N_("formulir yang mengirim data ke luar"),
    ActiveContent.IMPORT: N_("perintah mengambil data dari berkas lain"),
    ActiveContent.OTHER_FILE: N_("perintah membuka berkas lain"),
    ActiveContent.MEDIA: N_("video, suara, atau objek tiga dimensi"),
    ActiveContent.ATTACHMENT: N_("berkas lain yang dilampirkan di dalamnya"),
    ActiveContent.XFA: N_("formulir dinamis (XFA)"),
    ActiveContent.LINK: N_("tautan ke situs lain"),
    ActiveContent.UNREAD: N_("bagian yang terlalu banyak untuk diperiksa"),
}
"""What each is called (msgids), in the middle of a sentence."""
HARMLESS = frozenset({ActiveContent.LINK})
"""Nothing comes of these until somebody clicks: staff are told, who uploads is not asked to mend them."""


def list_in_order(found: Iterable[ActiveContent]) -> list[ActiveContent]:
    """Return what was found, each once, in the order of the kinds."""
    known = set(found)
    return [kind for kind in ActiveContent if kind in known]


def list_known_kinds(codes: Sequence[str]) -> list[ActiveContent]:
    """Return the kinds told by another service; a kind that this version does not know counts as unread."""
    known = {kind.value for kind in ActiveContent}
    return list_in_order(ActiveContent(code) if code in known else ActiveContent.UNREAD for code in codes)


KnownKinds = Annotated[list[ActiveContent], BeforeValidator(list_known_kinds)]
"""Kinds in a view, of facts that another service told."""


def list_to_mend(found: Iterable[ActiveContent]) -> list[ActiveContent]:
    """Return those whose sender is asked to print the document to PDF anew."""
    return [kind for kind in found if kind not in HARMLESS]
