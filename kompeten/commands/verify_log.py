"""Whether the logs, decisions and certificates are what the services wrote: every service's chain, read again."""

from collections.abc import Iterator

import click
from sqlalchemy.exc import SQLAlchemyError

from kompeten.commands.refusals import describe_database_error
from kompeten.services import NAMES, find_service
from shared.chain.heads import KEEPERS
from shared.chain.verifying import Finding, Walk, count_waiting_rows, verify_blocks
from shared.chain.verifying_copies import verify_copies, verify_registers
from shared.database.opened import database_of
from shared.database.unit import DatabaseAway

CERTIFICATE = "certificate"
MOST_WAITING = 10_000


@click.command("verify-log")
@click.argument("services", metavar="[SERVICE]...", nargs=-1, type=click.Choice(NAMES))
def verify_log(services: tuple[str, ...]) -> None:
    """Find what was altered, removed or added in the databases past the services; without SERVICE in all of them.

    One line each: service, what is wrong, where, subject, in words. It reads only, and compares with the heads that
    other services keep. Ends with 1 when something is wrong or a database could not be asked.
    """
    wrong = False
    for service in services or NAMES:
        walk, found, missed = Walk(), 0, 0
        for look in _list_looks(service, walk):
            try:
                for finding in look:
                    found += 1
                    click.echo(_line(service, finding))
            except (SQLAlchemyError, DatabaseAway, OSError) as error:
                missed += 1
                click.echo(f"{service}: {_describe(error)}", err=True)
        click.echo(_summarise(service, walk, found, missed))
        wrong |= bool(found or missed)
    click.get_current_context().exit(1 if wrong else 0)


def _list_looks(service: str, walk: Walk) -> Iterator[Iterator[Finding]]:
    """Each thing that is looked at; one that cannot be keeps none of the others."""
    find_service(service)  # its models, and the registers in them
    yield _look_at_own(service, walk)
    for keeper in KEEPERS:
        if keeper != service:
            yield _look_at_copies(service, keeper, walk)
    if service == CERTIFICATE:
        yield _look_at_stamps()


def _look_at_own(service: str, walk: Walk) -> Iterator[Finding]:
    with database_of(service).reading() as session:
        yield from verify_blocks(session, service, walk)
        yield from verify_registers(session, service, walk)
        walk.waiting = count_waiting_rows(session, MOST_WAITING)


def _look_at_copies(service: str, keeper: str, walk: Walk) -> Iterator[Finding]:
    with database_of(service).reading() as session, database_of(keeper).reading() as kept:
        yield from verify_copies(session, kept, service, keeper, walk)


def _look_at_stamps() -> Iterator[Finding]:
    from services.certificate.trust.stamped import verify_stamps

    with database_of(CERTIFICATE).reading() as session:
        yield from verify_stamps(session)


def _line(service: str, finding: Finding) -> str:
    return "\t".join((service, finding.wrong, finding.place, finding.subject, finding.words))


def _summarise(service: str, walk: Walk, found: int, missed: int) -> str:
    told = f"{service}: {found} wrong; {walk.rows} rows in {walk.blocks} blocks fit"
    parts = (
        (walk.recorded, "decisions and certificates fit their records"),
        (walk.copies, "heads fit the copies of other services"),
        (walk.erased, "rows erased with a record of it"),
        (walk.waiting, "rows not chained yet"),
    )
    told += "".join(f", {count} {words}" for count, words in parts if count)
    told += "".join(f"; {note}" for note in walk.notes)
    return told + (f"; {missed} comparisons could not be made" if missed else "")


def _describe(error: Exception) -> str:
    return (
        f"a database cannot be asked from here ({describe_database_error(error)});"
        " in a deployment: docker compose run --rm operator verify-log"
    )
