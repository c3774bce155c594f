"""Working days: Monday to Friday, without the holidays of a table."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

SATURDAY = 5
LONGEST_BREAK = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """`every_year` holds (month, day), `announced` the days of single years."""

    every_year: frozenset[tuple[int, int]] = frozenset()
    announced: frozenset[date] = frozenset()

    @classmethod
    def of(cls, every_year: Iterable[str], announced: Iterable[date]) -> Self:
        """From `MM-DD` texts and dates. Raises ValueError for a text that is no day of a leap year."""
        fixed = (date.fromisoformat(f"2000-{text}") for text in every_year)
        return cls(frozenset((day.month, day.day) for day in fixed), frozenset(announced))

    def works(self, day: date) -> bool:
        """Whether `day` is a working day: no Saturday or Sunday, and no public holiday."""
        return day.weekday() < SATURDAY and (day.month, day.day) not in self.every_year and day not in self.announced

    def after(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`; `day` itself does not count.

        Raises ValueError for a count below 1, and when the table leaves no working day in a year.
        """
        if count < 1:
            raise ValueError("count working days from one on")
        last = day
        while count:
            day += timedelta(days=1)
            if self.works(day):
                count, last = count - 1, day
            elif day - last > LONGEST_BREAK:
                raise ValueError("the holiday table leaves no working day")
        return day
