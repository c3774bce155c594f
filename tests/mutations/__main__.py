"""`python -m tests.mutations [ROOM...] [--sample N] [--processes N]`: which faults no unit test notices."""

import click

from tests.mutations.rooms import ROOMS, ROOT
from tests.mutations.run import SEED, Figures, RunFailed, try_room


def describe(name: str, figures: Figures) -> str:
    """One line of figures."""
    drawn = f" of {figures.possible} (drawn with seed {SEED})" if figures.tried < figures.possible else ""
    unreached = sum(not survivor.reached for survivor in figures.survivors)
    return (
        f"{name}: {figures.tried}{drawn} mutants, {figures.refused} refused by mypy, "
        f"{figures.killed} killed by tests ({figures.outcomes['timeout']} never ended), "
        f"{len(figures.survivors)} survived ({unreached} where no test comes by): {figures.percent:.1f} % noticed"
    )


@click.command()
@click.argument("rooms", nargs=-1, type=click.Choice(list(ROOMS)))
@click.option("--sample", type=click.IntRange(min=1), help="Try only so many faults of each room, always the same.")
@click.option("--processes", default=2, show_default=True, help="How many faults are tried at once.")
def main(rooms: tuple[str, ...], sample: int | None, processes: int) -> None:
    """Put faults into ROOMS (all by default) one at a time and print which of them no unit test of the room notices.

    That is a figure, not a gate: survivors are no failure. Only a run without a figure is.
    """
    lines = []
    for name in rooms or ROOMS:
        try:
            figures = try_room(ROOT, ROOMS[name], sample, processes)
        except RunFailed as failure:
            raise click.ClickException(f"{name}: {failure}") from failure
        for survivor in figures.survivors:
            click.echo(f"\n{survivor.name}\n{survivor.diff}")
        lines.append(describe(name, figures))
        click.echo(f"\n{lines[-1]}")
    if len(lines) > 1:
        click.echo("\n" + "\n".join(lines))


if __name__ == "__main__":
    main()
