"""Words that several contracts share."""

from enum import StrEnum

from shared.contracts.envelope import Part


class Judgement(StrEnum):
    """Competent or not yet competent: per unit, and overall (process 2.8, 2.9)."""

    K = "K"
    BK = "BK"


class UnitJudgement(Part):
    """One unit of competency and what was found."""

    unit: str
    judgement: Judgement


class ItemReason(Part):
    """Why one item of a file went back, for its owner to mend (process 2.3)."""

    item: str
    reason: str
