"""The object store from the command line: register and files compared."""

from typing import TYPE_CHECKING
from uuid import UUID

import click

from shared.database.opened import database_of
from shared.objectstore import StoreUnavailable
from shared.security.actor import SYSTEM

if TYPE_CHECKING:
    from services.certificate.trust.models import StoreCheck


@click.group()
def store() -> None:
    """The files of the certificates."""


@store.command("check")
@click.option("--full", is_flag=True, help="Read every file, instead of comparing lists.")
def check(full: bool) -> None:
    """Compare register and store both ways; ends with 1 when something is missing, foreign or altered.

    One that is still going on is gone on with; while a service works on it, this waits its turn and says so.
    """
    from services.certificate.trust.commands import store_check

    database = database_of("certificate")
    with database.unit_of_work() as session:
        asked = store_check.begin_store_check(session, SYSTEM, full=full).id
    try:
        done = store_check.continue_store_check(database, _progress)
    except StoreUnavailable as error:
        raise click.ClickException(f"the store is away: {error}; the check goes on when it is back") from error
    if done is None:
        raise click.ClickException("a service is at this check already; `kompeten store report` shows what it found")
    _report(asked)


@store.command("report")
def report() -> None:
    """What the last check found, a line each: kind, file, number, by the register, in the store."""
    from services.certificate.trust import queries as trust

    with database_of("certificate").reading() as session:
        newest = trust.list_store_checks(session, 1)
    if not newest:
        raise click.ClickException("there has been no check yet")
    _report(newest[0].id)


def _progress(check: "StoreCheck") -> None:
    click.echo(f"{check.phase.value}: {check.in_store} listed, {check.read} read, {check.wrong} wrong", err=True)


def _report(check_id: UUID) -> None:
    from services.certificate.trust import queries as trust

    with database_of("certificate").reading() as session:
        check = trust.view_store_check(session, check_id)
        for kind, key, number, expected, found, _ in trust.list_finding_rows(session, check_id):
            click.echo(f"{kind}\t{key}\t{number or '-'}\t{expected or '-'}\t{found or '-'}")
    state = f"finished {check.finished_at:%Y-%m-%d %H:%M} UTC" if check.finished_at else "not finished"
    click.echo(f"{check.in_register} in the register, {check.in_store} in the store, {check.wrong} wrong; {state}")
    if check.wrong:
        raise SystemExit(1)
