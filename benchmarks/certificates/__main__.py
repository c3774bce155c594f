"""`python -m benchmarks.certificates --many 10000`: the rate of each tenth, and the memory: it must stay flat."""

import argparse

from benchmarks.certificates.flow import decided_to_announced
from benchmarks.certificates.run import figures_of
from benchmarks.certificates.scene import prepared
from benchmarks.measure import Figure, Figures, show, write
from tests.servers import available
from tests.servers.fresh import Databases, Vhosts


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.certificates")
    parser.add_argument("--many", type=int, default=10_000, help="how many certificates (default 10000)")
    parser.add_argument("--write", action="store_true", help="keep the figures in results.json")
    given = parser.parse_args()
    databases, vhosts = Databases(available.postgres()), Vhosts(available.rabbitmq())
    try:
        figures = many(databases.fresh(), vhosts.fresh(), given.many)
        show(figures)
        if given.write:
            write(figures)
    finally:
        vhosts.drop()
        databases.drop()


def many(database_url: str, broker_url: str, count: int) -> Figures:
    with prepared(database_url, broker_url) as scene:
        flow = decided_to_announced(scene, count)
    own = {
        name.replace("certificates.", f"certificates.many_{count}."): figure
        for name, figure in figures_of(flow).items()
    }
    tenths = {
        f"certificates.many_{count}.tenth_{number}": Figure(rate, "1/s")
        for number, rate in enumerate(flow.rates, start=1)
    }
    flat = Figure(flow.rates[-1] / flow.rates[1], "x")
    return own | tenths | {f"certificates.many_{count}.last_to_second_tenth": flat}


if __name__ == "__main__":
    main()
