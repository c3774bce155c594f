"""What every part of the benchmark is given: servers to measure on, and what to measure."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.revision import Tree


@dataclass(frozen=True, slots=True)
class Stage:
    """Fresh databases and vhosts on the same servers; the earlier revision's files, if one is measured; how often."""

    database: Callable[[], str]
    vhost: Callable[[], str]
    before: Tree | None = None
    rounds: int = 5
