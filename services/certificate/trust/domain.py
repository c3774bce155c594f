"""Words for what makes the register believable: kinds of keys, phases and findings of a check of the store."""

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


class Finding(StrEnum):
    """What can be wrong. `adopted` was put right: a file of ours that the register had not heard of."""

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
    Finding.MISSING: N_("Hilang dari penyimpanan"),
    Finding.EXTRA: N_("Tidak dikenal register"),
    Finding.ALTERED: N_("Berubah"),
    Finding.ADOPTED: N_("Dicatat kembali"),
}
