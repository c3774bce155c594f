"""The part of a service that looks after itself: its probes, and how late its own loop wakes up."""

import time
from collections.abc import Callable, Sequence

from shared.database.unit import Database
from shared.messaging.background import Background
from shared.observability.vitals import Probe, vitals_of

PROBE_SECONDS = 15.0
LOOP_SECONDS = 0.5


class Watching(Background):
    """Runs the probes, each in a loop of its own: one part that hangs keeps no other from being asked."""

    def __init__(self, database: Database, probes: Sequence[Probe]) -> None:
        super().__init__(database)
        self._vitals = vitals_of(database.service)
        self._vitals.probes = list(probes)

    def loops(self) -> list[Callable[[], None]]:
        return [self._measure, *(self._loop(probe) for probe in self._vitals.probes)]

    def end(self) -> None:
        for probe in self._vitals.probes:
            probe.close()

    def _loop(self, probe: Probe) -> Callable[[], None]:
        return lambda: self.repeat(probe.run, lambda: self.stopping.wait(PROBE_SECONDS))

    def _measure(self) -> None:
        while not self.stopping.is_set():
            due = time.monotonic() + LOOP_SECONDS
            if not self.stopping.wait(LOOP_SECONDS):
                self._vitals.note_lateness(max(0.0, time.monotonic() - due))
