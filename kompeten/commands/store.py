"""The object store from the command line: registers and files compared, in every service that keeps files."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from uuid import UUID

import click
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from kompeten.commands.refusals import describe_database_error
from kompeten.services import NAMES, find_service
from shared.database.opened import database_of
from shared.database.unit import DatabaseAway
from shared.kept_files.comparing import check_files
from shared.kept_files.models import FileCheck, FileFinding
from shared.objectstore import StoreUnavailable, object_store
from shared.objectstore.port import PROBE, ObjectStore
from shared.security.actor import SYSTEM

if TYPE_CHECKING:
    from services.certificate.trust.models import StoreCheck

CERTIFICATE = "certificate"
"""It compares its files by a check of its own, which adopts what an interrupted issue has stored."""
CERTIFICATES = "certificates/"

only = click.option("--service", type=click.Choice(NAMES), help="Only this one.")


@click.group()
def store() -> None:
    """The files in the object store."""


@store.command("check")
@only
@click.option("--full", is_flag=True, help="Read every file, instead of comparing lists.")
def check(service: str | None, full: bool) -> None:
    """Compare registers and store both ways; ends with 1 when something is missing, foreign or altered.

    Without --service all of them, and what lies in the store and belongs to none; ends with 1, too, when a database
    could not be asked. A check that is still going on is gone on with; one that a service is at is left to it.
    """
    try:
        right = _for_each(service, lambda name: _check_service(name, full))
        if service is None:
            right &= _report_strangers(object_store())
    except StoreUnavailable as error:
        raise click.ClickException(f"the store is away: {error}; the check goes on when it is back") from error
    click.get_current_context().exit(0 if right else 1)


@store.command("report")
@only
def report_findings(service: str | None) -> None:
    """What the last checks found, a line each: kind, file, and for certificates number, by the register, in store."""
    click.get_current_context().exit(0 if _for_each(service, _report_service) else 1)


def list_keepers() -> list[str]:
    """The services that keep files in the store."""
    return [name for name in NAMES if name == CERTIFICATE or find_service(name).files]


def _for_each(service: str | None, act: Callable[[str], bool]) -> bool:
    """Whether all is right; a service whose database cannot be asked is said, and is not right."""
    right = True
    for name in [service] if service else list_keepers():
        try:
            right &= act(name)
        except (SQLAlchemyError, DatabaseAway) as error:
            reason = describe_database_error(error)
            click.echo(f"{name}: its database cannot be asked from here ({reason}); try in its container", err=True)
            right = False
    return right


def _check_service(name: str, full: bool) -> bool:
    if name == CERTIFICATE:
        return _check_certificates(full)
    database = database_of(name)
    for register in find_service(name).files:
        if check_files(database, object_store(), register, full=full, say=_say_how_far) is None:
            click.echo(f"{name}: a service is at the check of {register.prefix} already", err=True)
    return _report_service(name)


def _say_how_far(check: FileCheck) -> None:
    click.echo(f"{check.prefix} {check.phase.value}: {check.in_store} listed, {check.read} read", err=True)


def _report_service(name: str) -> bool:
    if name == CERTIFICATE:
        return _report_certificates()
    with database_of(name).reading() as session:
        checks = session.scalars(select(FileCheck).order_by(FileCheck.prefix)).all()
        for found in session.scalars(
            select(FileFinding).where(FileFinding.resolved_at.is_(None)).order_by(FileFinding.key)
        ):
            click.echo(f"{found.state.value}\t{found.key}")
    for one in checks:
        state = f"finished {one.finished_at:%Y-%m-%d %H:%M} UTC" if one.finished_at else "not finished"
        click.echo(
            f"{one.prefix} {one.in_register} in the register, {one.in_store} in the store, {one.wrong} wrong; {state}"
        )
    if not checks:
        click.echo(f"{name}: there has been no check yet")
    return not any(one.wrong for one in checks)


def _check_certificates(full: bool) -> bool:
    from services.certificate.trust.commands import store_check

    database = database_of(CERTIFICATE)
    with database.unit_of_work() as session:
        asked = store_check.begin_store_check(session, SYSTEM, full=full).id
    if store_check.continue_store_check(database, _say_progress) is None:
        click.echo("a service is at this check already; `kompeten store report` shows what it found", err=True)
    return _report_certificate_check(asked)


def _report_certificates() -> bool:
    from services.certificate.trust import queries as trust

    with database_of(CERTIFICATE).reading() as session:
        newest = trust.list_store_checks(session, 1)
    if not newest:
        click.echo(f"{CERTIFICATE}: there has been no check yet")
        return True
    return _report_certificate_check(newest[0].id)


def _say_progress(check: "StoreCheck") -> None:
    click.echo(f"{check.phase.value}: {check.in_store} listed, {check.read} read, {check.wrong} wrong", err=True)


def _report_certificate_check(check_id: UUID) -> bool:
    from services.certificate.trust import queries as trust

    with database_of(CERTIFICATE).reading() as session:
        check = trust.view_store_check(session, check_id)
        for kind, key, number, expected, found, _ in trust.list_finding_rows(session, check_id):
            click.echo(f"{kind}\t{key}\t{number or '-'}\t{expected or '-'}\t{found or '-'}")
    state = f"finished {check.finished_at:%Y-%m-%d %H:%M} UTC" if check.finished_at else "not finished"
    counted = f"{check.in_register} in the register, {check.in_store} in the store, {check.wrong} wrong"
    click.echo(f"{CERTIFICATES} {counted}; {state}")
    return not check.wrong


def _report_strangers(of: ObjectStore) -> bool:
    """Whether everything in the store lies where some service keeps files."""
    found = list(list_strangers(of))
    for key in found:
        click.echo(f"extra\t{key}")
    return not found


def list_strangers(of: ObjectStore) -> Iterator[str]:
    """The keys in the store under no prefix that a service has; what lies under one is passed over at a step."""
    prefixes = [CERTIFICATES, *(register.prefix for name in NAMES for register in find_service(name).files)]
    after = ""
    while entries := of.page("", after, 1):
        key = entries[0].key
        prefix = next((one for one in prefixes if key.startswith(one)), None)
        if prefix is None and key != PROBE:
            yield key
        after = f"{prefix}~" if prefix else key  # "~" comes after all that a key may be made of
