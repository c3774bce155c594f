"""A cooperative process that writes to SQLite again and again: prints how many turns somebody else had meanwhile."""

import sys

from kompeten.cli import _make_cooperative

_make_cooperative()

from typing import Any  # noqa: E402

import eventlet  # noqa: E402
from sqlalchemy import text  # noqa: E402

from shared.database.unit import Database  # noqa: E402

turns = 0


def take_turns() -> None:
    global turns
    while True:
        eventlet.sleep(0)
        turns += 1


def main() -> None:
    database = Database("tiny", f"sqlite:///{sys.argv[1]}")
    with database.unit_of_work() as session:
        session.execute(text("CREATE TABLE written (number INTEGER)"))
    spawn: Any = eventlet.spawn
    spawn(take_turns)
    eventlet.sleep(0)
    before = turns
    for number in range(int(sys.argv[2])):
        with database.unit_of_work() as session:
            session.execute(text("INSERT INTO written VALUES (:number)"), {"number": number})
    print(turns - before, flush=True)


if __name__ == "__main__":
    main()
