"""`python -m benchmarks.certificates --many 10000`: the rate of each tenth, and the memory: it must stay flat."""

import argparse

from benchmarks.certificates.flow import measure_flow
from benchmarks.certificates.run import describe_flow
from benchmarks.certificates.scene import prepare_scene
from benchmarks.measure import Figure, Figures, show_figures, write_figures
from tests.servers import available
from tests.servers.fresh import Databases, Vhosts


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.certificates")
    parser.add_argument("--many", type=int, default=10_000, help="how many certificates (default 10000)")
    parser.add_argument("--write", action="store_true", help="keep the figures in results.json")
    given = parser.parse_args()
    databases, vhosts = Databases(available.postgres()), Vhosts(available.rabbitmq())
    try:
        figures = measure_many(databases.fresh(), vhosts.fresh(), given.many)
        show_figures(figures)
        if given.write:
            write_figures(figures)
    finally:
        vhosts.drop()
        databases.drop()


def measure_many(database_url: str, broker_url: str, count: int) -> Figures:
    with prepare_scene(database_url, broker_url) as scene:
        flow = measure_flow(scene, count)
    own = describe_flow({"per_second": flow.per_second, **flow.noted}, f"certificates.many_{count}")
    tenths = {
        f"certificates.many_{count}.tenth_{number}": Figure(rate, "1/s")
        for number, rate in enumerate(flow.rates, start=1)
    }
    flat = Figure(flow.rates[-1] / flow.rates[1], "x")
    return own | tenths | {f"certificates.many_{count}.last_to_second_tenth": flat}


if __name__ == "__main__":
    main()
