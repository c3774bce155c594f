"""Where and when: R6 (ISO/IEC 17024 6.3), capacity, and nobody in two places at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, StrEnum

from shared.clock import JAKARTA
from shared.errors import N_, Conflict, Invalid


class CentreKind(StrEnum):
    """The kinds of TUK: set up for the occasion, at a workplace, or independent."""

    SEWAKTU = "sewaktu"
    TEMPAT_KERJA = "tempat_kerja"
    MANDIRI = "mandiri"


KIND_NAMES: dict[Enum, str] = {
    CentreKind.SEWAKTU: N_("TUK Sewaktu"),
    CentreKind.TEMPAT_KERJA: N_("TUK Tempat Kerja"),
    CentreKind.MANDIRI: N_("TUK Mandiri"),
}


@dataclass(frozen=True, slots=True)
class Verification:
    """A TUK as verified: last valid day, scheme ids, seats per session."""

    verified_until: date
    schemes: frozenset[str]
    capacity: int
    active: bool


@dataclass(frozen=True, slots=True)
class Slot:
    """From `starts` to `ends`, aware; the end itself is free again."""

    starts: datetime
    ends: datetime

    def overlaps(self, other: "Slot") -> bool:
        """Whether both take up some same moment; where one ends the other may begin."""
        return self.starts < other.ends and other.starts < self.ends


def check_slot(slot: Slot, day: date, today: date) -> None:
    """Refuse a session that ends before it starts or lies on a day gone by. `day` is the slot's local day."""
    if slot.ends <= slot.starts:
        raise Invalid(
            "session-times",
            N_("Sesi harus berakhir setelah dimulai."),
            fields={"ends_at": N_("Isi waktu setelah waktu mulai.")},
        )
    if day < today:
        raise Invalid(
            "session-past",
            N_("Sesi tidak dapat dijadwalkan pada hari yang telah lewat."),
            fields={"starts_at": N_("Isi hari ini atau sesudahnya.")},
        )


def check_sitting_begun(slot: Slot, now: datetime) -> None:
    """Refuse to record anything before the session begins: what was not seen cannot be noted. Raises Conflict."""
    if now < slot.starts:
        raise Conflict(
            "sitting-not-begun",
            N_("Sesi ini dimulai pukul {hour} WIB; sebelum itu tidak ada yang dapat dicatat."),
            hour=slot.starts.astimezone(JAKARTA).strftime("%H.%M"),
        )


def check_centre_verified(centre: Verification, day: date) -> None:
    """On `day` the TUK is in use and its verification valid. Raises Conflict."""
    if not centre.active:
        raise Conflict("centre-inactive", N_("TUK ini tidak aktif. Pilih TUK lain."))
    if centre.verified_until < day:
        raise Conflict(
            "centre-verification-expired",
            N_("Verifikasi TUK tidak berlaku pada hari asesmen. Pilih TUK lain atau perbarui verifikasinya."),
        )


def check_centre_for_scheme(centre: Verification, scheme_id: str, day: date) -> None:
    """R6: on `day` the TUK's verification is valid for the scheme. Raises Conflict."""
    check_centre_verified(centre, day)
    if scheme_id not in centre.schemes:
        raise Conflict("centre-scheme", N_("TUK ini tidak terverifikasi untuk skema asesi. Pilih TUK lain."))


def check_capacity(centre: Verification, seated: int, coming: int) -> None:
    """Refuse more candidates than the TUK has seats for in one session."""
    if seated + coming > centre.capacity:
        raise Conflict(
            "centre-full",
            N_("Sesi ini menampung {capacity} asesi dan sudah terisi {seated}. Buat sesi lain."),
            details={"capacity": centre.capacity, "seated": seated},
            capacity=centre.capacity,
            seated=seated,
        )


def check_slot_free(slot: Slot, booked: Iterable[Slot], code: str, message: str) -> None:
    """Refuse `slot` when somebody is already booked at an overlapping time."""
    if any(slot.overlaps(other) for other in booked):
        raise Conflict(code, message)
