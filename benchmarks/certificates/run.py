"""From decision to announced: numbered, rendered, signed, stored, told with confirm; one certificate service process.

The clock runs from the first decision published until the last public event is confirmed, beside an earlier revision in
turn; then what each step costs alone, and the same certificate through WeasyPrint and Chromium.
"""

import json
import statistics
import subprocess
from pathlib import Path

from benchmarks.certificates.contest import ROUNDS, compare_makers
from benchmarks.certificates.scene import in_this_process, prepare_scene
from benchmarks.certificates.steps import measure_steps
from benchmarks.measure import Figure, Figures, show_runs
from benchmarks.revision import WORKING_COPY, Tree
from benchmarks.stage import Stage

ONE_RUN = Path(__file__).with_name("one_run.py")
DECIDED = 400
WARM = 3
ROUNDS_AT_MOST = 3
"""Each takes a third of a minute, and they differ little."""
UNITS = {"per_second": "1/s", "late_ms": "ms", "late_p99_ms": "ms", "rss_mb": "MB"}
NAMES = {"late_ms": "loop_late_ms", "late_p99_ms": "loop_late_p99_ms", "rss_mb": "memory_mb"}


def run(stage: Stage) -> Figures:
    """Certificates per second, how late the service's loop was, milliseconds of each step, ratios to other makers."""
    trees = [WORKING_COPY, *([stage.before] if stage.before else [])]
    noted: dict[str, list[dict[str, float]]] = {tree.name: [] for tree in trees}
    for number in range(min(stage.rounds, ROUNDS_AT_MOST)):
        for tree in trees if number % 2 == 0 else trees[::-1]:
            noted[tree.name].append(_run_once(stage, tree))
            print(f"  {tree.name}: {noted[tree.name][-1]['per_second']:.1f} 1/s", flush=True)
    show_runs({name: [run["per_second"] for run in runs] for name, runs in noted.items()}, "1/s")
    ours = describe_flow({name: statistics.median(run[name] for run in noted[WORKING_COPY.name]) for name in UNITS})
    if stage.before:
        before = statistics.median(run["per_second"] for run in noted[stage.before.name])
        ours["certificates.before_per_second"] = Figure(before, "1/s")
        ours["certificates.ratio_before"] = Figure(ours["certificates.per_second"].value / before, "x")
    with prepare_scene(stage.database(), stage.vhost()) as scene, in_this_process(scene):
        measure_steps(scene, WARM)
        steps, sheets = measure_steps(scene)
        return ours | steps | compare_makers(sheets[:ROUNDS], scene.folder)


def describe_flow(noted: dict[str, float], prefix: str = "certificates") -> Figures:
    """The figures of one flow, or of the medians of several."""
    return {f"{prefix}.{NAMES.get(name, name)}": Figure(noted[name], unit) for name, unit in UNITS.items()}


def _run_once(stage: Stage, tree: Tree) -> dict[str, float]:
    command = [str(tree.python), str(ONE_RUN), stage.database(), stage.vhost(), str(DECIDED)]
    said = subprocess.run(
        command, cwd=tree.folder, env=tree.environment, stdout=subprocess.PIPE, text=True, check=True
    ).stdout
    figures: dict[str, float] = json.loads(said.splitlines()[-1])
    return figures
