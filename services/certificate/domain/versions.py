"""The versions of one certificate: the first, corrections, and those with fewer units (R16; ISO/IEC 17024 9.5)."""

from collections.abc import Mapping, Sequence
from enum import Enum, StrEnum

from services.certificate.domain.printed import Printed
from shared.errors import N_, Conflict, Invalid


class Cause(StrEnum):
    """Why a version of a certificate was made."""

    FIRST = "first"
    CORRECTION = "correction"
    REDUCTION = "reduction"


class VersionState(StrEnum):
    """A version is in force until the next one takes its place; one that was never handed out is voided."""

    MAKING = "making"
    CURRENT = "current"
    SUPERSEDED = "superseded"
    VOIDED = "voided"


HANDED_OUT = (VersionState.CURRENT, VersionState.SUPERSEDED)
"""The versions whose links work, for ever."""

VERSION_NAMES: Mapping[Enum, str] = {
    Cause.FIRST: N_("Penerbitan pertama"),
    Cause.CORRECTION: N_("Perbaikan data"),
    Cause.REDUCTION: N_("Pengurangan lingkup"),
    VersionState.MAKING: N_("Sedang dibuat"),
    VersionState.CURRENT: N_("Versi terkini"),
    VersionState.SUPERSEDED: N_("Sudah diganti versi baru"),
    VersionState.VOIDED: N_("Batal"),
}

CODE_LETTERS = 5

OF_EACH_SHEET = frozenset({"check_url", "check_code", "version", "version_date"})
"""What is printed on each version anew, whatever was corrected."""


def derive_check_code(token: str) -> str:
    """`abcde-fghij`: the part of the check token that is typed beside the number, 50 bits."""
    return f"{token[:CODE_LETTERS]}-{token[CODE_LETTERS : 2 * CODE_LETTERS]}"


def check_remaining_units(held: Sequence[str], kept: Sequence[str]) -> list[str]:
    """`kept` in the order of the certificate: fewer than it holds, and at least one. Raises Invalid."""
    if unknown := set(kept) - set(held):
        raise Invalid(
            "units-unknown",
            N_("Sertifikat ini tidak memuat unit {units}."),
            fields={"units": N_("Pilih hanya unit yang ada pada sertifikat ini.")},
            units=", ".join(sorted(unknown)),
        )
    left = [unit for unit in held if unit in set(kept)]
    if not left:
        raise Invalid(
            "units-none",
            N_("Sertifikat tanpa unit tidak ada artinya; cabut sertifikatnya."),
            fields={"units": N_("Pilih sedikitnya satu unit yang tetap berlaku.")},
        )
    if len(left) == len(held):
        raise Invalid(
            "units-all",
            N_("Tidak ada unit yang dikurangi."),
            fields={"units": N_("Hapus tanda pada unit yang tidak berlaku lagi.")},
        )
    return left


def refuse_while_reducing(making: Cause | None) -> None:
    """Raises Conflict when the version being made, if any, takes units away."""
    if making is Cause.REDUCTION:
        raise Conflict(
            "version-in-the-making",
            N_(
                "Lingkup sertifikat ini sedang dikurangi. Tunggu sampai versi barunya jadi, atau batalkan, lalu ulangi."
            ),
        )


def is_same_sheet(one: Printed, other: Printed) -> bool:
    """Whether two sheets differ in nothing but what every new one has of its own."""
    own = set(OF_EACH_SHEET)
    return one.model_dump(exclude=own, exclude_unset=True) == other.model_dump(exclude=own, exclude_unset=True)


def refuse_second_version(making: object | None) -> None:
    """Allow one version in the making at a time. Raises Conflict while another is being made."""
    if making is not None:
        raise Conflict(
            "version-in-the-making", N_("Versi baru sertifikat ini sedang dibuat. Tunggu sampai selesai, lalu ulangi.")
        )
