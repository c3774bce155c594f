"""The numbers of days and the holidays, read from this service's data files once and checked."""

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field

from services.surveillance.domain.working_days import WorkingDays

HERE = Path(__file__).parent
Days = Annotated[int, Field(ge=1, le=366)]


class BodySettings(BaseModel):
    """`rules.yaml`: days before a due date or an expiry, months, working days."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reminder_days: tuple[Days, ...]
    invitation_days: Annotated[tuple[Days, ...], Field(min_length=1)]
    inventory_months: Annotated[int, Field(ge=1, le=24)]
    clarification_working_days: Annotated[int, Field(ge=1, le=60)]


class HolidayTable(BaseModel):
    """`holidays.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    every_year: tuple[str, ...]
    announced: tuple[date, ...]


@lru_cache(maxsize=1)
def body_settings() -> BodySettings:
    return BodySettings.model_validate(yaml.safe_load((HERE / "rules.yaml").read_text(encoding="utf-8")))


@lru_cache(maxsize=1)
def body_working_days() -> WorkingDays:
    """Raises pydantic.ValidationError or ValueError when the table cannot be used."""
    table = HolidayTable.model_validate(yaml.safe_load((HERE / "holidays.yaml").read_text(encoding="utf-8")))
    return WorkingDays.of(table.every_year, table.announced)
