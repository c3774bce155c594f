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


class Involvement(StrEnum):
    """In what part somebody was involved in a case; never taken back, whether it ended well or not (R1, R7, R10, R25).

    `tied` and `trained` are about the candidate, in whatever case they were declared; the others are about one case.
    """

    VERIFIED = "verified"
    ASSIGNED = "assigned"
    PRE_ASSESSED = "pre_assessed"
    ASSESSED = "assessed"
    DECIDED = "decided"
    HEARD_APPEAL = "heard_appeal"
    TIED = "tied"
    TRAINED = "trained"


class ItemReason(Part):
    """Why one item of a file went back, for its owner to mend (process 2.3)."""

    item: str
    reason: str
