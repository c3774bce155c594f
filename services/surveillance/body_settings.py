"""The certification body's settings for surveillance, by its data in force (decision 62): numbers of days, holidays."""

from typing import Annotated

from pydantic import Field

from services.surveillance.domain.working_days import WorkingDays
from shared.body_data import DataFile, Strict
from shared.body_data.holidays import HOLIDAYS

Days = Annotated[int, Field(ge=1, le=366)]


class BodySettings(Strict):
    """`surveillance.yaml`. Reminders count in days before a due date, invitations in days before an expiry."""

    reminder_days: tuple[Days, ...]
    invitation_days: Annotated[tuple[Days, ...], Field(min_length=1)]
    inventory_months: Annotated[int, Field(ge=1, le=24)]
    clarification_working_days: Annotated[int, Field(ge=1, le=60)]


SETTINGS = DataFile("surveillance.yaml", BodySettings)


def body_settings() -> BodySettings:
    """Return the settings in force."""
    return SETTINGS.read()


def body_working_days() -> WorkingDays:
    """Return the body's working days."""
    table = HOLIDAYS.read()
    return WorkingDays.of(table.every_year, table.announced)
