"""What of a case does not go the expected way: an officer looks at that first (process 2.8, 2.9)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.contracts.words import Judgement
from shared.errors import N_


class DeviationKind(StrEnum):
    """What differs: the day itself, a unit or a piece of evidence."""

    MET = "met"
    CENTRE = "centre"
    RECORD = "record"
    CLAIM = "claim"
    UNPROVEN = "unproven"
    EVIDENCE = "evidence"


DEVIATION_TEXTS = {
    DeviationKind.MET: N_("Registrasi MET asesor tidak berlaku pada hari asesmen"),
    DeviationKind.CENTRE: N_("Verifikasi TUK tidak berlaku pada hari asesmen"),
    DeviationKind.RECORD: N_("Rekomendasi berbeda dari rekaman asesmen"),
    DeviationKind.CLAIM: N_("Asesmen mandiri berbeda dari rekomendasi"),
    DeviationKind.UNPROVEN: N_("Kompeten menurut asesi tanpa bukti yang ditunjuk"),
    DeviationKind.EVIDENCE: N_("Bukti dengan catatan asesor"),
}


@dataclass(frozen=True, slots=True)
class Claimed:
    """What the candidate said of one element, and whether any evidence was named for it."""

    judgement: Judgement
    proven: bool


def find_day_deviations(
    assessed_on: date, met_valid_until: date | None, centre_verified_until: date | None
) -> list[DeviationKind]:
    """Whether MET or TUK had run out on the day (R5, R6); a date that was not told deviates in nothing."""
    ends = {DeviationKind.MET: met_valid_until, DeviationKind.CENTRE: centre_verified_until}
    return [kind for kind, end in ends.items() if end is not None and end < assessed_on]


def derive_shown(methods: Mapping[str, Judgement]) -> Judgement | None:
    """What the record shows of a unit: K when every method did (FR.AK.02); None for an empty record."""
    if not methods:
        return None
    return Judgement.K if all(found == Judgement.K for found in methods.values()) else Judgement.BK


def find_unit_deviations(
    recommended: Judgement | None, methods: Mapping[str, Judgement], claims: Collection[Claimed]
) -> list[DeviationKind]:
    """In what one unit deviates; a unit that was not assessed in this attempt deviates in nothing."""
    if recommended is None:
        return []
    found, shown = [], derive_shown(methods)
    if shown is not None and shown != recommended:
        found.append(DeviationKind.RECORD)
    if claims:
        claimed = Judgement.K if all(one.judgement == Judgement.K for one in claims) else Judgement.BK
        if claimed != recommended:
            found.append(DeviationKind.CLAIM)
    if any(one.judgement == Judgement.K and not one.proven for one in claims):
        found.append(DeviationKind.UNPROVEN)
    return found
