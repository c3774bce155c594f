"""A process of greenlets that asks a database which is frozen meanwhile: prints what came of it, and its ticks.

Arguments: the address. Asks once, prints `ready`, waits for a line, asks again.
"""

import sys
import warnings

warnings.simplefilter("ignore")
import eventlet  # noqa: E402

eventlet.monkey_patch()

from sqlalchemy import text  # noqa: E402

from shared.database.away import DatabaseAway  # noqa: E402
from shared.database.unit import Database  # noqa: E402

ticks = 0


def tick() -> None:
    global ticks
    while True:
        eventlet.sleep(0.05)
        ticks += 1


def ask(database: Database) -> str:
    try:
        with database.unit_of_work() as session:
            return str(session.scalar(text("SELECT 1")))
    except DatabaseAway as away:
        return away.why.value


def main() -> None:
    database = Database("tiny", sys.argv[1])
    eventlet.spawn(tick)
    print("ready" if ask(database) == "1" else "unready", flush=True)
    sys.stdin.readline()
    before = ticks
    print(ask(database), ask(database), ticks - before, flush=True)


if __name__ == "__main__":
    main()
