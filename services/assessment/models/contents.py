"""What the JSON columns of cases hold: notes kept as one value, written and read as a whole."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.contracts.words import Judgement


class Kept(BaseModel):
    """A value inside a row. A field added later needs a default, for the rows of before."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class KeptCheck(Kept):
    """One document against FR-APL-01/02: what holds of it (VATM), and in the note what does not."""

    document_id: UUID
    valid: bool
    authentic: bool
    current: bool
    sufficient: bool
    note: str


class KeptUnitPlan(Kept):
    """FR-POA-01 and FR-DAT-01 of one unit; `methods` are codes of the scheme's methods."""

    unit: str
    approach: str
    methods: list[str]
    tools: list[str]


class KeptEvidence(Kept):
    """Something the candidate showed on the day beyond the file."""

    unit: str
    title: str
    note: str


class KeptRecommendation(Kept):
    """What the assessor recommends for one unit; the note says why where the record says otherwise."""

    unit: str
    judgement: Judgement
    note: str
