"""K and BK: how the units of several attempts come together, and what the chair may make of a recommendation."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from shared.contracts.words import Judgement
from shared.errors import N_, Conflict, Invalid

Units = Mapping[str, Judgement]
"""Unit code -> what was found."""


class Opinion(StrEnum):
    """What a member of the meeting thinks of the recommendation."""

    AGREES = "agrees"
    DIFFERS = "differs"
    ABSTAINS = "abstains"


def judge_overall(units: Units) -> Judgement:
    """K only when there are units and all of them are K (R11)."""
    return Judgement.K if units and all(found == Judgement.K for found in units.values()) else Judgement.BK


def find_bk_units(units: Units) -> list[str]:
    """The units still BK, in code order: all that a re-assessment may cover (R28)."""
    return sorted(code for code, found in units.items() if found == Judgement.BK)


def merge_judgements(standing: Units, attempt: Units) -> dict[str, Judgement]:
    """Every unit of the application: those of this attempt replace what stood, K from earlier stays K (R28).

    An attempt never undoes a K: a re-assessment that brings one anyway is not allowed to take it away.
    """
    units = dict(standing)
    for code, found in attempt.items():
        if units.get(code) != Judgement.K:
            units[code] = found
    return units


def find_deviations(recommended: Units, decided: Units) -> list[str]:
    """Units decided otherwise than the assessor recommended."""
    return sorted(code for code, found in decided.items() if recommended.get(code) != found)


def judge_units(recommended: Units, chosen: Units | None, reason: str) -> dict[str, Judgement]:
    """What the chair decides for the units of this attempt; None follows the recommendation.

    Units may be left out (they follow the recommendation); units outside the attempt are refused, so that an earlier K
    cannot be touched. A deviation needs a reason, because the decision must be traceable to what was found
    (ISO/IEC 17024 9.4).
    """
    chosen = chosen or {}
    strangers = sorted(set(chosen) - set(recommended))
    if strangers:
        raise Invalid(
            "unit-not-in-attempt",
            N_("Unit {units} tidak dinilai dalam asesmen ini; hapus dari putusan."),
            fields={f"units.{code}": N_("Tidak dinilai dalam asesmen ini.") for code in strangers},
            units=", ".join(strangers),
        )
    decided = {**recommended, **chosen}
    different = find_deviations(recommended, decided)
    if different and not reason.strip():
        raise Invalid(
            "reason-missing",
            N_("Putusan berbeda dari rekomendasi untuk unit {units}; tuliskan alasannya."),
            fields={"reason": N_("Tuliskan alasan putusan yang berbeda dari rekomendasi asesor.")},
            units=", ".join(different),
        )
    return decided


def check_validity_on_the_day(
    judgement: Judgement, assessed_on: date, met_valid_until: date | None, centre_verified_until: date | None
) -> None:
    """No K rests on an assessment that was not valid on its day (R5, R6; ISO/IEC 17024 6.2, 6.3).

    The facts are those told with the recommendation: what a register says today does not undo, nor mend, an assessment.
    The chair then decides BK with a reason, or defers the case until it is clear. Days not told are not asked. Raises
    Conflict `met-invalid-on-day` or `centre-invalid-on-day`.
    """
    if judgement != Judgement.K:
        return
    if met_valid_until is not None and met_valid_until < assessed_on:
        raise Conflict(
            "met-invalid-on-day",
            N_("Registrasi MET asesor tidak berlaku pada hari asesmen; berkas ini tidak dapat diputuskan Kompeten."),
        )
    if centre_verified_until is not None and centre_verified_until < assessed_on:
        raise Conflict(
            "centre-invalid-on-day",
            N_("Verifikasi TUK tidak berlaku pada hari asesmen; berkas ini tidak dapat diputuskan Kompeten."),
        )


def check_opinion(opinion: Opinion, note: str) -> None:
    """A member who differs says why; the minutes keep it."""
    if opinion is Opinion.DIFFERS and not note.strip():
        raise Invalid(
            "opinion-note-missing",
            N_("Tuliskan alasan pendapat yang berbeda dari rekomendasi."),
            fields={"note": N_("Tuliskan alasan pendapat yang berbeda.")},
        )


def find_unknown_units(units: Iterable[str], known: Iterable[str]) -> list[str]:
    """Those of `units` that are not among `known`, in their order."""
    there = set(known)
    return [unit for unit in units if unit not in there]
