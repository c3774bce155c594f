"""Words for what makes the register believable: kinds of keys, phases of a check of the store, and what it finds."""

from collections.abc import Mapping
from enum import Enum, StrEnum

from shared.errors import N_


class KeyKind(StrEnum):
    """What a key signs: PDF files, or credentials and status lists."""

    DOCUMENT = "document"
    CREDENTIAL = "credential"


class Phase(StrEnum):
    """How far a check of the store has come: through the store's list, through the register, to its end."""

    STORE = "store"
    REGISTER = "register"
    DONE = "done"


class Discrepancy(StrEnum):
    """How a file of the store and the register disagree; `adopted` was put right by the check itself.

    `missing` is only in the register, `extra` only in the store, `altered` has another size or other bytes.
    """

    MISSING = "missing"
    EXTRA = "extra"
    ALTERED = "altered"
    ADOPTED = "adopted"


TRUST_NAMES: Mapping[Enum, str] = {
    KeyKind.DOCUMENT: N_("Tanda tangan PDF"),
    KeyKind.CREDENTIAL: N_("Kredensial digital"),
    Phase.STORE: N_("Memeriksa daftar penyimpanan"),
    Phase.REGISTER: N_("Memeriksa register"),
    Phase.DONE: N_("Pemeriksaan selesai"),
    Discrepancy.MISSING: N_("Hilang dari penyimpanan"),
    Discrepancy.EXTRA: N_("Tidak dikenal register"),
    Discrepancy.ALTERED: N_("Berubah"),
    Discrepancy.ADOPTED: N_("Dicatat kembali"),
}
