"""What officers can do about what keeps certificates from being made: each code with its sentences, in one table."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from shared.errors import N_


class Code(StrEnum):
    """What can stand in the way. The first five are looked for before a number is used (`readiness`)."""

    SIGNING_KEY = "signing-key"
    CREDENTIAL_KEY = "credential-key"
    CLOCK = "clock"
    STORE = "store"
    TEMPLATE = "template"
    SCHEME = "scheme"
    NUMBERS = "numbers"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Advice:
    """Msgids for officers: `before` work is begun, `waiting` beside what was tried in vain.

    `signs` is found in the error of a job that failed because of it.
    """

    waiting: str
    before: str = ""
    signs: re.Pattern[str] | None = None


ADVICE: Mapping[Code, Advice] = {
    Code.STORE: Advice(
        before=N_("Penyimpanan berkas tidak dapat dihubungi atau penuh. Minta operator memeriksanya."),
        waiting=N_(
            "Penyimpanan berkas tidak dapat dihubungi atau penuh. Minta operator memeriksanya; "
            "sesudah itu berjalan sendiri."
        ),
        signs=re.compile(r"\bstore:|StoreUnavailable"),
    ),
    Code.SIGNING_KEY: Advice(
        before=N_("Kunci tanda tangan tidak dapat dipakai. Minta operator memasang kunci dan sertifikat yang berlaku."),
        waiting=N_(
            "Kunci tanda tangan tidak dapat dipakai. Minta operator memasang kunci yang berlaku; "
            "sesudah itu berjalan sendiri."
        ),
        signs=re.compile(r"\bsigning-key:|SigningKeyUnfit"),
    ),
    Code.CREDENTIAL_KEY: Advice(
        before=N_("Kunci kredensial digital tidak dapat dipakai. Minta operator memasang kuncinya."),
        waiting=N_(
            "Kunci kredensial digital tidak dapat dipakai. Minta operator memasangnya; sesudah itu berjalan sendiri."
        ),
        signs=re.compile(r"\bcredential-key:|CredentialKeyUnfit"),
    ),
    Code.CLOCK: Advice(
        before=N_(
            "Jam sistem tidak benar, jadi tanggal pada sertifikat akan salah. Minta operator membetulkan jam server."
        ),
        waiting=N_("Jam sistem tidak benar. Minta operator membetulkan jam server; sesudah itu berjalan sendiri."),
        signs=re.compile(r"\bclock:"),
    ),
    Code.TEMPLATE: Advice(
        before=N_("Tata letak sertifikat {template} tidak ada atau rusak. Minta operator memperbaikinya."),
        waiting=N_(
            "Tata letak sertifikat atau isinya tidak dapat dicetak. Minta operator memeriksanya, lalu tekan Coba lagi."
        ),
        signs=re.compile(r"\btemplate:|DocumentError|ClaimError"),
    ),
    Code.SCHEME: Advice(
        waiting=N_(
            "Skema atau versinya tidak dikenal sistem. Minta operator memasang berkas skema itu, lalu tekan Coba lagi."
        ),
        signs=re.compile(r"^NotFound: "),
    ),
    Code.NUMBERS: Advice(
        waiting=N_("Nomor sertifikat habis untuk bentuk nomor ini. Hubungi BNSP dan operator sistem."),
        signs=re.compile(r"NumbersUsedUp"),
    ),
    Code.OTHER: Advice(
        waiting=N_(
            "Terjadi kesalahan tak terduga. Sampaikan keterangan di bawah ini kepada operator, lalu tekan Coba lagi."
        ),
    ),
}


def find_advice(error: str) -> list[str]:
    """Msgids of what to do about the error of a job, in the table's order; that of OTHER when no sign is known."""
    known = [one.waiting for one in ADVICE.values() if one.signs and one.signs.search(error)]
    return known or [ADVICE[Code.OTHER].waiting]
