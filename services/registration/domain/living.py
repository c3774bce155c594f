"""When an application lives, and from when on a certificate can be renewed (domain handbook 10)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from services.registration.domain.workflow import Stage

RENEWAL_MONTHS = 12
"""A certificate in force can be renewed from so many months before its end."""

UNDER_APPEAL = frozenset({Stage.APPEAL_RECEIVED, Stage.APPEAL_PANEL_NAMED, Stage.APPEAL_UPHELD})
DECISIVE = UNDER_APPEAL | {
    Stage.DECIDED_K,
    Stage.DECIDED_BK,
    Stage.APPEAL_REJECTED,
    Stage.REASSESSMENT_ORDERED,
    Stage.CASE_CLOSED,
}
"""What tells whether a case goes on after its decision."""


@dataclass(frozen=True, slots=True)
class Happened:
    """A decisive step of a later stage; `ways_until` is until when one can go on after a BK decision."""

    stage: Stage
    at: datetime
    ways_until: datetime | None = None


def find_decisive_step(happened: Iterable[Happened]) -> Happened | None:
    """Return the latest decisive step, None while nothing was decided."""
    return max((one for one in happened if one.stage in DECISIVE), key=lambda one: one.at, default=None)


def is_case_over(happened: Iterable[Happened], now: datetime) -> bool:
    """Whether the case has ended in BK: it was closed, or the time to go on after the decision has passed.

    (process 2.10)

    A case decided K is not over: its certificate takes its place. An appeal or a re-assessment goes on as long as it
    takes.
    """
    happened = list(happened)
    last = find_decisive_step(happened)
    if last is None:
        return False
    if last.stage is Stage.CASE_CLOSED:
        return True
    if last.stage not in (Stage.DECIDED_BK, Stage.APPEAL_REJECTED):
        return False
    decided = find_decisive_step(one for one in happened if one.stage is Stage.DECIDED_BK)
    return decided is not None and decided.ways_until is not None and decided.ways_until < now


def compute_renewal_start(expires_on: date) -> date:
    """Return the first day on which a certificate that ends on `expires_on` can be renewed (domain handbook 10)."""
    year = expires_on.year - RENEWAL_MONTHS // 12
    try:
        return expires_on.replace(year=year)
    except ValueError:  # 29 February of a leap year
        return expires_on.replace(year=year, day=28)
