"""The slowest answer a visitor gets while each bomb of a list runs against a running system: one process, embedded."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.measure import Figure, Figures
from benchmarks.stage import Stage
from benchmarks.web.bombs import BOMBS
from benchmarks.web.visitors import Visitor, send_bomb, slow_requests
from tests.end_to_end.systems import Process, embedded_settings, free_port

SLOW = 1010
"""As many slow requests as once took every place."""
QUIET_SECONDS = 2.0


def run(_stage: Stage) -> Figures:
    """Measure `web.worst_stall_ms`; each bomb's own slowest answer is printed as it ends."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="kompeten-bench-") as folder, _system(Path(folder), port):
        _measure(port, "nothing", _wait)
        worst = [_measure(port, name, lambda bomb=bomb: send_bomb(port, bomb)) for name, bomb in BOMBS.items()]  # type: ignore[misc]
        with slow_requests(port, SLOW):
            worst.append(_measure(port, f"{SLOW:,} slow requests", _wait))
    return {"web.worst_stall_ms": Figure(1000 * max(worst), "ms")}


@contextmanager
def _system(folder: Path, port: int) -> Iterator[None]:
    """The whole system embedded, and no trial: a trial sets its stage meanwhile."""
    settings = embedded_settings(folder, port) | {"KOMPETEN_TRIAL": "false", "KOMPETEN_DEMO_PASSWORD": ""}
    system = Process(settings, folder / "up.log", "up")
    try:
        system.wait_until_it_answers(f"http://127.0.0.1:{port}/registration/ready")
        yield
    finally:
        if system.process.poll() is None:
            system.kill()


def _wait() -> bytes:
    time.sleep(QUIET_SECONDS)
    return b"-"


def _measure(port: int, name: str, act: Callable[[], bytes]) -> float:
    """Seconds of the slowest answer while `act` runs, and shortly after."""
    visitor = Visitor(port)
    visitor.start()
    time.sleep(0.3)
    answer = act()
    time.sleep(0.3)
    visitor.leave()
    said = answer.decode("latin-1") or "no answer"
    print(f"  {name:<40} {1000 * visitor.slowest:>9,.0f} ms of {visitor.visits} visits; {said}", flush=True)
    return visitor.slowest
