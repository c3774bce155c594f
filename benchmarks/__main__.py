"""`make bench`: figures and ratios of one run. `python -m benchmarks pipeline` runs one part."""

import sys
from importlib import import_module

from benchmarks.measure import show, write
from tests.servers import available
from tests.servers.fresh import Databases, Vhosts

PARTS = ("pipeline", "intake", "certificates", "check")


def main(parts: list[str]) -> None:
    databases, vhosts = Databases(available.postgres()), Vhosts(available.rabbitmq())
    try:
        for part in parts or PARTS:
            print(f"{part}:", flush=True)
            figures = import_module(f"benchmarks.{part}.run").run(databases.fresh, vhosts.fresh)
            show(figures)
            write(figures)
    finally:
        vhosts.drop()
        databases.drop()


if __name__ == "__main__":
    main(sys.argv[1:])
