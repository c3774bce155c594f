"""Makes the tables, or commits events, in a process of its own; run by its path, so that it serves any revision.

    python telling.py create
    python telling.py tell COUNT

Prints the monotonic time, in seconds, at which the events were committed: the clock is the machine's.
"""

import sys
import time

from benchmarks.pipeline import work
from shared.database.unit import Database


def main(action: str, count: int = 0) -> None:
    database = Database("bench")
    if action == "create":
        work.create_tables(database)
    else:
        # the first revision to be measured called it `tell`
        tell_events = getattr(work, "tell_events", None) or work.tell  # type: ignore[attr-defined]
        tell_events(database, count)
        print(time.monotonic())
    database.close()


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
