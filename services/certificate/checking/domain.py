"""What a sheet is worth today by the register, and in which words that is said (R22; ISO/IEC 17024 7.1).

Format, signature and issuer are checked by `shared.credentials`; status and dates, which come last, are the register's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum

from babel.dates import format_date

from services.certificate.domain.states import State
from shared.credentials import Words
from shared.credentials.verdicts import Check, Finding
from shared.errors import N_


class SheetStanding(StrEnum):
    """What a sheet is worth to whoever was handed it. `not_genuine`: nothing of it is to be believed."""

    VALID = "valid"
    REDUCED = "reduced"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    NOT_GENUINE = "not_genuine"

    @property
    def genuine(self) -> bool:
        """Issued by this body, as it is; whether or not it still holds."""
        return self is not SheetStanding.NOT_GENUINE

    @property
    def holds(self) -> bool:
        """To be relied upon today."""
        return self in (SheetStanding.VALID, SheetStanding.REDUCED)


@dataclass(frozen=True, slots=True)
class Entry:
    """What the register says of one sheet today: `state` is the certificate's, `version` the sheet's own."""

    state: State
    since: date
    version: int
    superseded: bool
    issued_on: date
    expires_on: date
    suspended_until: date | None


def judge_entry(entry: Entry) -> tuple[list[Finding], SheetStanding]:
    """Status, then dates, and what they come to; dates are left out where the status already ends it."""
    if entry.state is State.WITHDRAWN:
        return [_status(False, _on(WITHDRAWN, day=entry.since))], SheetStanding.WITHDRAWN
    if entry.state is State.SUSPENDED:
        limit = entry.suspended_until or entry.expires_on
        return [_status(False, _on(SUSPENDED, day=entry.since, limit=limit))], SheetStanding.SUSPENDED
    if entry.superseded:
        return [_status(False, _on(SUPERSEDED, version=entry.version))], SheetStanding.SUPERSEDED
    if entry.state is State.EXPIRED:
        ended = Finding(Check.DATES, False, _on(EXPIRED, day=entry.expires_on))
        return [_status(True, IN_FORCE), ended], SheetStanding.EXPIRED
    dates = Finding(Check.DATES, True, _on(IN_TIME, begin=entry.issued_on, end=entry.expires_on))
    if entry.state is State.REDUCED:
        return [_status(True, IN_FORCE_REDUCED), dates], SheetStanding.REDUCED
    return [_status(True, IN_FORCE), dates], SheetStanding.VALID


def judge_unregistered(words: Words) -> tuple[list[Finding], SheetStanding]:
    """What carries a good signature, but is not what the register holds."""
    return [_status(False, words)], SheetStanding.NOT_GENUINE


def _status(passed: bool, words: Words) -> Finding:
    return Finding(Check.STATUS, passed, words)


def _on(words: Words, **parts: date | int) -> Words:
    """`words` with its {placeholders} filled, days as each language writes them."""

    def filled(text: str, language: str) -> str:
        return text.format(**{name: _written(part, language) for name, part in parts.items()})

    return Words(filled(words.id, "id"), filled(words.en, "en"))


def _written(part: date | int, language: str) -> str:
    return str(part) if isinstance(part, int) else format_date(part, "d MMMM y", locale=language)


WITHDRAWN = Words("Dicabut pada {day}.", "Withdrawn on {day}.")
SUSPENDED = Words(
    "Ditangguhkan sejak {day}, dengan batas penyelesaian {limit}.",
    "Suspended since {day}; to be settled by {limit}.",
)
SUPERSEDED = Words(
    "Ini versi {version} sertifikat, yang sudah diganti versi lebih baru.",
    "This is version {version} of the certificate, which a newer one has replaced.",
)
IN_FORCE = Words(
    "Tercatat dalam register; tidak ditangguhkan dan tidak dicabut.",
    "In the register; neither suspended nor withdrawn.",
)
IN_FORCE_REDUCED = Words(
    "Tercatat dalam register dengan lingkup yang dikurangi; tidak ditangguhkan dan tidak dicabut.",
    "In the register with its scope reduced; neither suspended nor withdrawn.",
)
IN_TIME = Words("Berlaku dari {begin} sampai {end}.", "Valid from {begin} to {end}.")
EXPIRED = Words("Masa berlakunya berakhir pada {day}.", "Its validity ended on {day}.")
UNKNOWN = Words("Tidak tercatat dalam register penerbit.", "Not in the issuer's register.")
OTHER = Words(
    "Isinya berbeda dari yang tercatat dalam register penerbit.",
    "What it says differs from the issuer's register.",
)
OTHER_FILE = Words(
    "Register penerbit mencatat berkas lain untuk sertifikat ini.",
    "The issuer's register holds another file for this certificate.",
)
OTHER_SITE = Words(
    "Alamatnya milik situs lain, bukan situs penerbit sertifikat ini.",
    "The address belongs to another site than that of the issuer.",
)

CHECK_NAMES: Mapping[Enum, str] = {
    Check.FORMAT: N_("Bentuk"),
    Check.SIGNATURE: N_("Tanda tangan elektronik"),
    Check.ISSUER: N_("Penerbit"),
    Check.STATUS: N_("Status"),
    Check.DATES: N_("Masa berlaku"),
}
TITLES: Mapping[SheetStanding, Words] = {
    SheetStanding.VALID: Words("Berlaku", "Valid"),
    SheetStanding.REDUCED: Words("Berlaku, lingkup dikurangi", "Valid, scope reduced"),
    SheetStanding.SUSPENDED: Words("Ditangguhkan", "Suspended"),
    SheetStanding.WITHDRAWN: Words("Dicabut", "Withdrawn"),
    SheetStanding.EXPIRED: Words("Kedaluwarsa", "Expired"),
    SheetStanding.SUPERSEDED: Words("Digantikan versi baru", "Superseded"),
    SheetStanding.NOT_GENUINE: Words("Bukan sertifikat kami", "Not genuine"),
}
SUMMARIES: Mapping[SheetStanding, Words] = {
    SheetStanding.VALID: Words("Sertifikat ini berlaku.", "This certificate is valid."),
    SheetStanding.REDUCED: Words(
        "Sertifikat ini berlaku, tetapi hanya untuk unit kompetensi di bawah ini.",
        "This certificate is valid, but for the units of competency below only.",
    ),
    SheetStanding.SUSPENDED: Words(
        "Sertifikat ini sedang ditangguhkan dan tidak boleh digunakan selama penangguhan.",
        "This certificate is suspended and must not be used while it is.",
    ),
    SheetStanding.WITHDRAWN: Words(
        "Sertifikat ini sudah dicabut dan tidak berlaku lagi.",
        "This certificate has been withdrawn and is no longer valid.",
    ),
    SheetStanding.EXPIRED: Words(
        "Masa berlaku sertifikat ini sudah berakhir (kedaluwarsa).",
        "The validity of this certificate has ended (expired).",
    ),
    SheetStanding.SUPERSEDED: Words(
        "Lembar ini sudah diganti dengan versi yang lebih baru. Mintalah lembar terbaru kepada pemegangnya.",
        "This sheet was replaced by a newer version. Ask the holder for the newest one.",
    ),
    SheetStanding.NOT_GENUINE: Words(
        "Ini bukan sertifikat yang kami terbitkan, atau isinya sudah diubah. Jangan terima sebagai bukti kompetensi.",
        "We did not issue this, or it was altered since. Do not accept it as proof of competence.",
    ),
}
