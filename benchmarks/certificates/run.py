"""From decision to announced: numbered, rendered, signed, stored, told with confirm; one certificate service process.

The clock runs from the first decision published until the last public event is confirmed; then what each step costs
alone, and the same certificate through WeasyPrint and Chromium.
"""

from collections.abc import Callable

from benchmarks.certificates.contest import ROUNDS, contest
from benchmarks.certificates.flow import Flow, decided_to_announced
from benchmarks.certificates.scene import in_this_process, prepared
from benchmarks.certificates.steps import alone
from benchmarks.measure import Figure, Figures

DECIDED = 400
WARM = 3


def run(database: Callable[[], str], broker: Callable[[], str], count: int = DECIDED) -> Figures:
    """Certificates per second, how late the service's loop was, milliseconds of each step, ratios to other makers."""
    with prepared(database(), broker()) as scene:
        flow = decided_to_announced(scene, count)
        with in_this_process(scene):
            alone(scene, WARM)
            steps, sheets = alone(scene)
            return figures_of(flow) | steps | contest(sheets[:ROUNDS], scene.folder)


def figures_of(flow: Flow) -> Figures:
    return {
        "certificates.per_second": Figure(flow.per_second, "1/s"),
        "certificates.loop_late_ms": Figure(flow.noted["late_ms"], "ms"),
        "certificates.loop_late_p99_ms": Figure(flow.noted["late_p99_ms"], "ms"),
        "certificates.memory_mb": Figure(flow.noted["rss_mb"], "MB"),
    }
