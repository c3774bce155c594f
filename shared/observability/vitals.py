"""What a process notes of a service while it runs: when each timer last ran, how late its loop is, what its probes met.

Nothing here asks anybody anything: who reads it is never kept waiting by a part that hangs.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from shared.clock import real_now
from shared.observability.status import PartStatus, TimerStatus

PATIENCE_SECONDS = 10.0
"""A probe that has not ended for so long found a part that hangs."""
WINDOW_SECONDS = 30.0
LONGEST_ERROR = 300


@dataclass
class Beat:
    """One timer: its period and when it last came to a good end (or was first expected), both in seconds."""

    period: float
    last: float


class Probe:
    """Asks one part whether it is there, and keeps what came of it. `ask` raises when the part is not well; `close`
    lets go of what `ask` holds.
    """

    def __init__(
        self,
        name: str,
        ask: Callable[[], None],
        now: Callable[[], float] = time.monotonic,
        close: Callable[[], None] = lambda: None,
    ) -> None:
        self.name = name
        self.close = close
        self._ask = ask
        self._now = now
        self._begun: float | None = None
        self._failing_since: float | None = None
        self._error = ""

    def run(self) -> None:
        """Ask once, for as long as that takes, and note the outcome."""
        begun = self._begun = self._now()
        try:
            self._ask()
        except Exception as error:
            self._failing_since = begun if self._failing_since is None else self._failing_since
            self._error = describe_trouble(error)
        else:
            self._failing_since, self._error = None, ""
        finally:
            self._begun = None

    def read(self) -> PartStatus:
        """How the part is now, as far as is known."""
        now, begun = self._now(), self._begun
        hangs = begun is not None and now - begun > PATIENCE_SECONDS
        since = self._failing_since if self._failing_since is not None else begun if hangs else None
        if since is None:
            return PartStatus(name=self.name, well=True)
        error = "does not answer" if hangs else self._error
        return PartStatus(name=self.name, well=False, error=error, seconds=round(now - since, 1))


def describe_trouble(error: BaseException) -> str:
    """Kind and first line of an error that a part answered with, for operators."""
    words = str(error).strip().partition("\n")[0]
    return f"{type(error).__name__}: {words}"[:LONGEST_ERROR] if words else type(error).__name__


@dataclass
class Vitals:
    """What is noted of one service in this process. `now` gives seconds of a clock that never goes back."""

    now: Callable[[], float] = time.monotonic
    started_at: datetime = field(default_factory=real_now)
    beats: dict[str, Beat] = field(default_factory=dict)
    probes: list[Probe] = field(default_factory=list)
    _latest: list[tuple[float, float]] = field(default_factory=list)

    def expect_timer(self, name: str, period: float) -> None:
        """From now on the timer is to run every `period` seconds."""
        self.beats[name] = Beat(period, self.now())

    def note_timer(self, name: str) -> None:
        """The timer has run to its end."""
        self.beats[name].last = self.now()

    def note_lateness(self, seconds: float) -> None:
        """A loop of this process woke up so many seconds after it should have."""
        now = self.now()
        self._latest = [(at, late) for at, late in self._latest if now - at < WINDOW_SECONDS and late > seconds]
        self._latest.append((now, seconds))

    @property
    def lateness(self) -> float:
        """The worst lateness of the last WINDOW_SECONDS."""
        now = self.now()
        return max((late for at, late in self._latest if now - at < WINDOW_SECONDS), default=0.0)

    def read_timers(self) -> list[TimerStatus]:
        """Every timer and how late it is."""
        now = self.now()
        return [
            TimerStatus(
                name=name, period_seconds=beat.period, late_seconds=round(max(0.0, now - beat.last - beat.period), 1)
            )
            for name, beat in sorted(self.beats.items())
        ]


_noted: dict[str, Vitals] = {}


def vitals_of(service: str) -> Vitals:
    """The one Vitals of `service` in this process."""
    return _noted.setdefault(service, Vitals())
