"""How often a unit may be assessed again (process 2.10, R28)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST = 3
"""Re-assessments of one unit by one person; after them a new application is needed (R28).

An appeal that leads to one is refused before, by `MAX_REASSESSMENTS` in services/decision/domain/appeals.py.
"""


@dataclass(frozen=True, slots=True)
class Grant:
    """The units that may be assessed again, and those that have used up their re-assessments."""

    units: list[str]
    refused: list[str]


def grant_reassessment(ordered: Sequence[str], earlier: Iterable[Sequence[str]]) -> Grant:
    """Split `ordered` by R28; `earlier` holds the units of each re-assessment before, of the same person's application.

    A new application starts counting anew: it is what the fourth re-assessment is sent to.
    """
    counted: dict[str, int] = {}
    for units in earlier:
        for unit in set(units):
            counted[unit] = counted.get(unit, 0) + 1
    once = list(dict.fromkeys(ordered))
    return Grant(
        units=[unit for unit in once if counted.get(unit, 0) < MOST],
        refused=[unit for unit in once if counted.get(unit, 0) >= MOST],
    )
