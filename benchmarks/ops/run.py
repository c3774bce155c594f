"""Requests that fail while the deployed stack is updated and goes back, under load: `ops.update_errors`."""

from benchmarks.measure import Figure, Figures
from benchmarks.stage import Stage
from tests.containers.stack import checkout
from tests.containers.starting import bring_up
from tests.containers.updating import measure_update
from tests.servers import docker


def run(_stage: Stage) -> Figures:
    """Measure `ops.update_errors`; where no container engine answers, nothing is measured and that is said."""
    if not docker.works():
        print("  NOT MEASURED: no container engine answers (docker info)", flush=True)
        return {}
    with checkout() as stack:
        bring_up(stack)
        return {"ops.update_errors": Figure(measure_update(stack), "errors")}
