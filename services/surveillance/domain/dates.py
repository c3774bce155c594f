"""When a report is due, when to remind, when to invite (domain handbook 7)."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta

LEAP_DAY_SLACK = timedelta(days=1)


def years_later(day: date, years: int) -> date:
    """The same day `years` later; 29 February becomes 28 February where there is none.

    The last day of the month, never the first of the next: a holder who keeps to the month is never late.
    """
    year = day.year + years
    return day.replace(year=year, day=min(day.day, monthrange(year, day.month)[1]))


def months_before(day: date, months: int) -> date:
    """The same day of the month `months` earlier, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def due_dates(issued_on: date, expires_on: date) -> list[date]:
    """The anniversaries on which a report is due: each year of validity but the last (process 2.11).

    The last year ends with recertification, which checks everything anew. A certificate of 29 February may expire on 28
    February or on 1 March: both end the same year.
    """
    due: list[date] = []
    while (anniversary := years_later(issued_on, len(due) + 1)) + LEAP_DAY_SLACK < expires_on:
        due.append(anniversary)
    return due


def window_opening(due_on: date, window_days: int) -> date:
    """The first day on which the report for `due_on` can be handed in."""
    return due_on - timedelta(days=window_days)


def is_overdue(due_on: date, today: date) -> bool:
    """Whether the due date has passed; a report on the due date itself is in time."""
    return today > due_on


def nearest_step(days_left: int, steps: Sequence[int], told: int | None) -> int | None:
    """The one of `steps` (days before an end) to tell of now; None when there is nothing new to tell.

    `told` is the step last told of. When the clock has jumped over several steps only the nearest to the end counts:
    three letters in one day would help nobody. After the end, when nothing is left, there is none.
    """
    reached = [step for step in steps if 1 <= days_left <= step]
    if not reached or (told is not None and told <= min(reached)):
        return None
    return min(reached)


def reached_step(days_left: int, steps: Sequence[int]) -> int | None:
    """The lowest of `steps` (days before an end) that `days_left` has come down to; None before the first."""
    return min((step for step in steps if days_left <= step), default=None)


def last_listed_expiry(today: date, months: int) -> date:
    """The latest expiry date that stands in the inventory today: the rule of `in_inventory`, for use in a query."""
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    longest = monthrange(year, month + 1)[1]
    # The last day of a month stands for all longer ones: from 30 June, also 31 December is six months away.
    ends_month = today.day == monthrange(today.year, today.month)[1]
    return date(year, month + 1, longest if ends_month else min(today.day, longest))


def in_inventory(expires_on: date, today: date, months: int) -> bool:
    """Whether a certificate stands in the inventory of those about to expire (process 2.12)."""
    return months_before(expires_on, months) <= today < expires_on
