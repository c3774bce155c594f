"""Work that time brings: due dates, reminders, sweeping. Replicas may do it at once, so it must be safe to."""

from collections.abc import Callable
from dataclasses import dataclass, field

from shared.database.retention import Retention
from shared.database.unit import Database

Tick = Callable[[Database], None]


@dataclass
class Timers:
    """The timers of one service: `(seconds, function)`, and how long what it has of its own is kept."""

    ticks: list[tuple[float, Tick]] = field(default_factory=list)
    retentions: list[Retention] = field(default_factory=list)

    def keeps(self, retention: Retention) -> None:
        """Let rows of the service's own go when they are over, beside the messages every service has."""
        self.retentions.append(retention)

    def every(self, seconds: float) -> Callable[[Tick], Tick]:
        """Call the decorated `(database)` every `seconds`, and once at the start."""

        def keep(tick: Tick) -> Tick:
            self.ticks.append((seconds, tick))
            return tick

        return keep
