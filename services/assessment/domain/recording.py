"""What was found on the day, and what the assessor recommends of it: FR.AK.02 (process 2.7, 2.8).

Nothing here is a decision: that is made by the officers, in another stage, by other people (R1, R2).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.contracts.words import Judgement, UnitJudgement
from shared.errors import N_, Conflict, Invalid

Methods = Mapping[str, Sequence[str]]
"""The agreed methods per unit code."""

Matrix = Mapping[str, Mapping[str, Judgement]]
"""What each method showed, per unit code."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What one method showed of one unit."""

    unit: str
    method: str
    judgement: Judgement


def enter_judgements(matrix: Matrix, agreed: Methods, cells: Sequence[Cell]) -> dict[str, dict[str, Judgement]]:
    """`matrix` with `cells` written in. Raises Invalid for a unit or method that was not agreed."""
    fields = {
        f"judgements.{index}": N_("Unit atau metode ini tidak ada dalam rencana yang disepakati.")
        for index, cell in enumerate(cells)
        if cell.method not in agreed.get(cell.unit, ())
    }
    if fields:
        raise Invalid("record-unknown-cell", N_("Catatan memuat yang tidak disepakati."), fields=fields)
    entered = {unit: dict(row) for unit, row in matrix.items()}
    for cell in cells:
        entered.setdefault(cell.unit, {})[cell.method] = cell.judgement
    return entered


def find_missing_cells(matrix: Matrix, agreed: Methods) -> list[tuple[str, str]]:
    """The (unit, method) pairs agreed and not recorded yet."""
    return [(unit, method) for unit, row in agreed.items() for method in row if method not in matrix.get(unit, {})]


def derive_judgements(matrix: Matrix, agreed: Methods) -> dict[str, Judgement]:
    """Per unit: K when every agreed method showed K. Raises Conflict while the record is incomplete."""
    if gaps := find_missing_cells(matrix, agreed):
        raise Conflict(
            "record-incomplete",
            N_("Catatan asesmen belum lengkap: {count} isian lagi."),
            details={"missing": [{"unit": unit, "method": method} for unit, method in gaps]},
            count=len(gaps),
        )
    return {
        unit: Judgement.K if all(matrix[unit][method] is Judgement.K for method in row) else Judgement.BK
        for unit, row in agreed.items()
    }


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the assessor confirms for one unit; a judgement other than the derived one needs a `note`."""

    unit: str
    judgement: Judgement
    note: str


def conclude_recommendation(derived: Mapping[str, Judgement], verdicts: Sequence[Verdict]) -> list[UnitJudgement]:
    """The recommendation, in the order of `derived`. Raises Invalid for missing, doubled or unexplained units."""
    fields: dict[str, str] = {}
    confirmed: dict[str, Verdict] = {}
    for index, verdict in enumerate(verdicts):
        if verdict.unit not in derived:
            fields[f"units.{index}.unit"] = N_("Unit ini tidak diases pada kasus ini.")
        elif verdict.unit in confirmed:
            fields[f"units.{index}.unit"] = N_("Unit ini sudah disebut.")
        elif verdict.judgement is not derived[verdict.unit] and not verdict.note.strip():
            fields[f"units.{index}.note"] = N_("Jelaskan mengapa rekomendasi berbeda dari catatan.")
        confirmed[verdict.unit] = verdict
    for unit in derived:
        if unit not in confirmed:
            fields[f"units.{unit}"] = N_("Rekomendasi untuk unit ini belum diisi.")
    if fields:
        raise Invalid("recommendation-units", N_("Rekomendasi per unit belum lengkap."), fields=fields)
    return [UnitJudgement(unit=unit, judgement=confirmed[unit].judgement) for unit in derived]
