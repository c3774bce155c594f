"""The certification body's settings for surveillance: numbers of days, and holidays, read once from the data files."""

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
    """`rules.yaml`. Reminders count in days before a due date, invitations in days before an expiry."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reminder_days: tuple[Days, ...]
    invitation_days: Annotated[tuple[Days, ...], Field(min_length=1)]
    inventory_months: Annotated[int, Field(ge=1, le=24)]
    clarification_working_days: Annotated[int, Field(ge=1, le=60)]


class HolidayTable(BaseModel):
    """`holidays.yaml`: `every_year` are `MM-DD`, `announced` the days of single years."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    every_year: tuple[str, ...]
    announced: tuple[date, ...]


@lru_cache(maxsize=1)
def body_settings() -> BodySettings:
    """The settings of this process. Raises pydantic.ValidationError when the file cannot be used."""
    return BodySettings.model_validate(yaml.safe_load((HERE / "rules.yaml").read_text(encoding="utf-8")))


@lru_cache(maxsize=1)
def body_working_days() -> WorkingDays:
    """The body's working days. Raises pydantic.ValidationError or ValueError when the table cannot be used."""
    table = HolidayTable.model_validate(yaml.safe_load((HERE / "holidays.yaml").read_text(encoding="utf-8")))
    return WorkingDays.of(table.every_year, table.announced)
