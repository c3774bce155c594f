"""The whole way: from the decision published until the last public event is confirmed."""

import time
from dataclasses import dataclass
from functools import partial

from kombu import Connection

from benchmarks.certificates.scene import CertificateService, Scene, count_announced, make_candidates, publish_decisions
from kompeten.topology import declare_topology

SETTLE = 4.5
"""Seconds in which the service has started, and its heart has begun to beat."""


@dataclass(frozen=True)
class Flow:
    """`reached[n]` is when a tenth more was announced, in seconds from the first decision published."""

    count: int
    reached: list[float]
    noted: dict[str, float]

    @property
    def per_second(self) -> float:
        return self.count / self.reached[-1]

    @property
    def rates(self) -> list[float]:
        """Certificates per second in each tenth."""
        return [
            self.count / 10 / (end - begin) for begin, end in zip([0.0, *self.reached[:-1]], self.reached, strict=True)
        ]


def measure_flow(scene: Scene, count: int) -> Flow:
    """One goes ahead, so that everything is open and loaded; then `count` at once."""
    decisions = make_candidates(scene, count + 1)
    with Connection(scene.environment["KOMPETEN_BROKER_URL"]) as connection:
        declare_topology(connection)
        service = CertificateService(scene)
        try:
            publish_decisions(connection, decisions[:1])
            service.wait(partial(_has_announced, scene, 1), 120)
            time.sleep(SETTLE)
            started = time.perf_counter()
            publish_decisions(connection, decisions[1:])
            reached = []
            for tenth in range(1, 11):
                service.wait(partial(_has_announced, scene, 1 + count * tenth // 10), 120 + count)
                reached.append(time.perf_counter() - started)
        finally:
            noted = service.stop()
    return Flow(count, reached, noted)


def _has_announced(scene: Scene, count: int) -> bool:
    return count_announced(scene.database) >= count
