"""Certificate's job runner as a process of its own that a test may kill at a chosen point.

    python -m tests.chaos.jobs_process DATABASE_URL [POINT [COUNT]]

Runs jobs until it is ended. `POINT` names where it kills itself with SIGKILL, the `COUNT`th time it comes by:
`in-line` (a line of a batch is done, not committed), `after-line` (committed), `before-next` (the next lines have not
been asked for), `stored` (a version's file is stored, not confirmed).
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

from services.certificate.bulk import jobs as batch_work
from services.certificate.bulk.commands import batches as bulk
from services.certificate.jobs import jobs
from shared.database.unit import Database
from shared.objectstore import object_store


def dying(function: Callable[..., Any], count: int, *, after: bool) -> Callable[..., Any]:
    """`function`, until its `count`th call."""
    calls = 0

    def wrapped(*args: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        result = function(*args, **options) if after or calls < count else None
        if calls >= count:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return wrapped


def main() -> None:
    database = Database("certificate", sys.argv[1])
    point, count = (*sys.argv[2:], "", "1")[:2]
    points: dict[str, tuple[Any, str, bool]] = {
        "in-line": (bulk, "do_batch_item", True),
        "after-line": (batch_work, "_do_item", True),
        "before-next": (bulk, "continue_batch", False),
        "stored": (object_store(), "put", True),
    }
    if point:
        owner, name, after = points[point]
        setattr(owner, name, dying(getattr(owner, name), int(count or 1), after=after))
    print("ready", flush=True)
    while True:
        if not jobs.run_due(database):
            time.sleep(0.05)


if __name__ == "__main__":
    main()
