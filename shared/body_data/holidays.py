"""Days on which the certification body does not work, and until when the table is complete (domain handbook 10)."""

from datetime import date, timedelta
from typing import Annotated

from pydantic import AfterValidator, Field

from shared.body_data.files import DataFile
from shared.body_data.reading import Strict
from shared.body_data.tree import Tree

TOLD_BEFORE = timedelta(days=90)
"""How long before its end a table says that it ends."""


def _check_month_and_day(text: str) -> str:
    date.fromisoformat(f"2000-{text}")
    return text


MonthDay = Annotated[str, Field(pattern=r"^\d\d-\d\d$"), AfterValidator(_check_month_and_day)]
"""`MM-DD`, a day of a leap year."""


class HolidayTable(Strict):
    """`holidays.yaml`: `every_year` are `MM-DD`, `announced` the days of single years."""

    every_year: tuple[MonthDay, ...]
    announced: tuple[date, ...]

    @property
    def ends_on(self) -> date | None:
        """The last day of the last year for which days were announced: what comes later is an estimate."""
        return date(max(self.announced).year, 12, 31) if self.announced else None


HOLIDAYS = DataFile("holidays.yaml", HolidayTable)


def find_end_of_holidays(today: date, tree: Tree | None = None) -> date | None:
    """Return the day on which the table ends, if that is within 90 days or past; None while it reaches further."""
    ends_on = HOLIDAYS.read(tree).ends_on
    if ends_on is not None and ends_on - TOLD_BEFORE > today:
        return None
    return ends_on or today
