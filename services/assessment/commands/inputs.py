"""What a command is given: its base class, and the types of text, days and moments as people type them."""

from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from shared.clock import JAKARTA
from shared.errors import N_
from shared.visible import require_visible

OUT_OF_TIME = N_("Isi dengan tahun antara 2000 dan 2100.")


def _in_reach(value: date) -> date:
    if not 2000 <= value.year <= 2100:
        raise ValueError(OUT_OF_TIME)
    return value


def _of_jakarta(value: datetime) -> datetime:
    """In UTC. Browsers send no time zone; what is meant is the wall clock in Jakarta."""
    _in_reach(value)
    return (value if value.tzinfo else value.replace(tzinfo=JAKARTA)).astimezone(UTC)


Day = Annotated[date, AfterValidator(_in_reach)]
Moment = Annotated[datetime, AfterValidator(_of_jakarta)]

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300), require_visible()]
Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80), require_visible()]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000), require_visible()]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]


class Input(BaseModel):
    """What somebody asks for, read strictly: a field nobody knows is refused, not ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Reason(Input):
    """Why something is done to a case; the people concerned read it."""

    reason: Text
