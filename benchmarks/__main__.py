"""`make bench`: figures and ratios of one run.

    python -m benchmarks [pipeline] [intake] [certificates] [check] [web] [ops] [--beside REVISION] [--rounds N]

`--beside` measures that revision too, in turn with this working copy: `<part>.ratio_before` is ours over its.
"""

import argparse
from importlib import import_module

from benchmarks.measure import show_figures, write_figures
from benchmarks.revision import lay_out
from benchmarks.stage import Stage
from tests.servers import available
from tests.servers.fresh import Databases, Vhosts
from tests.service_keys import keys_of_every_service

PARTS = ("pipeline", "intake", "certificates", "check", "web", "ops")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}; all when none is named")
    parser.add_argument("--beside", metavar="REVISION", help="a commit to measure in the same run")
    parser.add_argument("--rounds", type=int, default=5, help="interleaved runs of each contender (default 5)")
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    databases, vhosts = Databases(available.postgres()), Vhosts(available.rabbitmq())
    try:
        with keys_of_every_service(), lay_out(given.beside) as before:
            stage = Stage(databases.fresh, vhosts.fresh, before, given.rounds)
            for part in given.parts or PARTS:
                print(f"{part}:", flush=True)
                figures = import_module(f"benchmarks.{part}.run").run(stage)
                show_figures(figures)
                write_figures(figures)
    finally:
        vhosts.drop()
        databases.drop()


if __name__ == "__main__":
    main()
