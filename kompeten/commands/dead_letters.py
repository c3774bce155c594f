"""Dead letters: events and jobs that failed to the last try, waiting for somebody to look."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from kompeten.commands.refusals import describe_database_error
from kompeten.commands.rejected import list_rejected_lines, rejected
from kompeten.services import NAMES
from shared.clock import real_now
from shared.database.opened import database_of
from shared.database.unit import DatabaseAway
from shared.messaging.inbox import replay_event
from shared.messaging.jobs import replay_job
from shared.messaging.models import InboxRow, InboxState, JobRow, JobState
from shared.settings import settings

LONGEST_LIST = 200
UNREADABLE = -1


@click.group("dead-letters")
def dead_letters() -> None:
    """Events and jobs that failed to the last try."""


@dead_letters.command("list")
@click.option("--service", type=click.Choice(NAMES), help="Only this one.")
def list_dead(service: str | None) -> None:
    """One line each: service, id, what, state, tries, since when, why; the dead ones, then those that wait for another
    try, then what lies in the broker's kompeten.dead. Ends with 1 when a database or the broker could not be asked.
    """
    found, waiting, missed = 0, 0, 0
    for name in [service] if service else NAMES:
        try:
            with _reading(name) as session:
                lines, later = list(_lines(session, name)), list(_waiting_lines(session, name))
        except click.ClickException as error:
            missed += 1
            click.echo(error.message, err=True)
            continue
        found, waiting = found + len(lines), waiting + len(later)
        for line in (*lines, *later):
            click.echo(line)
    refused = None if service else _list_rejected()
    told = f"{found} dead" + (f", {waiting} wait for another try" if waiting else "")
    told += f", {refused} in kompeten.dead" if refused and refused > 0 else ""
    click.echo(told + (f"; {missed} services could not be asked" if missed else ""))
    if missed or refused == UNREADABLE:
        click.get_current_context().exit(1)


def _list_rejected() -> int | None:
    """Print what the broker's kompeten.dead holds; how many. None where this place does not know the administrator's
    password, UNREADABLE when the broker could not be asked.
    """
    if settings().embedded or settings().broker_admin_password_file is None:
        return None
    try:
        lines = list_rejected_lines()
    except click.ClickException as error:
        click.echo(error.message, err=True)
        return UNREADABLE
    for line in lines:
        click.echo(f"broker\t{line}")
    return len(lines)


def _waiting_lines(session: Session, name: str) -> Iterator[str]:
    """What failed and waits for its next try, the one that is due first at the top; LONGEST_LIST lines at most."""
    events = select(InboxRow).where(InboxRow.state == InboxState.WAITING).order_by(InboxRow.next_try_at)
    for row in session.scalars(events.limit(LONGEST_LIST)):
        since = f"{row.received_at:%Y-%m-%d %H:%M}"
        yield f"{name}\t{row.event_id}\t{row.type}\twaits, {row.tries} tries\t{since}\t{row.error}"
    jobs = (
        select(JobRow).where(JobRow.state == JobState.WAITING, JobRow.error.is_not(None)).order_by(JobRow.next_try_at)
    )
    for job in session.scalars(jobs.limit(LONGEST_LIST)):
        since = f"{job.created_at:%Y-%m-%d %H:%M}"
        yield f"{name}\tjob-{job.id}\t{job.kind}\twaits, {job.tries} tries\t{since}\t{job.error}"


def _lines(session: Session, name: str) -> Iterator[str]:
    for row in session.scalars(
        select(InboxRow).where(InboxRow.state == InboxState.DEAD).order_by(InboxRow.received_at)
    ):
        yield f"{name}\t{row.event_id}\t{row.type}\t{row.tries} tries\t{row.received_at:%Y-%m-%d %H:%M}\t{row.error}"
    for job in session.scalars(select(JobRow).where(JobRow.state == JobState.DEAD).order_by(JobRow.id)):
        yield f"{name}\tjob-{job.id}\t{job.kind}\t{job.tries} tries\t{job.created_at:%Y-%m-%d %H:%M}\t{job.error}"


@dead_letters.command()
@click.argument("service", type=click.Choice(NAMES))
@click.argument("letter")
def show(service: str, letter: str) -> None:
    """The whole letter. It may hold personal data: mind who sees your screen."""
    with _reading(service) as session:
        row = _dead(session, letter)
        click.echo(row.error)
        click.echo(row.envelope if isinstance(row, InboxRow) else row.payload)


@dead_letters.command()
@click.argument("service", type=click.Choice(NAMES))
@click.argument("letters", nargs=-1)
@click.option("--all", "all_", is_flag=True, help="All dead letters of the service.")
def replay(service: str, letters: tuple[str, ...], all_: bool) -> None:
    """Try again, with all tries anew: after the cause has been mended."""
    with _reached(service), database_of(service).unit_of_work() as session:
        rows = _all_dead(session) if all_ else [_dead(session, letter) for letter in letters]
        for row in rows:
            if isinstance(row, InboxRow):
                replay_event(row)
            else:
                replay_job(row)
    click.echo(f"{len(rows)} will be tried again")


@dead_letters.command()
@click.argument("service", type=click.Choice(NAMES))
@click.argument("letters", nargs=-1, required=True)
def discard(service: str, letters: tuple[str, ...]) -> None:
    """Give up on letters: their effect will never happen. Their ids stay known, so that they cannot come again."""
    with _reached(service), database_of(service).unit_of_work() as session:
        for row in [_dead(session, letter) for letter in letters]:
            row.error = f"discarded by hand: {row.error}"[:2000]
            if isinstance(row, InboxRow):
                row.state, row.envelope = InboxState.DONE, None
            else:
                row.state, row.done_at = JobState.DONE, real_now()
    click.echo(f"{len(letters)} discarded")


@contextmanager
def _reached(service: str) -> Iterator[None]:
    """A database that cannot be asked from here becomes a sentence; in a container of one service the others cannot."""
    try:
        yield
    except (SQLAlchemyError, DatabaseAway, OSError) as error:
        raise click.ClickException(
            f"{service}: its database cannot be asked from here ({describe_database_error(error)}); "
            "in a deployment: docker compose run --rm operator dead-letters list"
        ) from error


@contextmanager
def _reading(service: str) -> Iterator[Session]:
    with _reached(service), database_of(service).reading() as session:
        yield session


def _all_dead(session: Session) -> list[Any]:
    events = session.scalars(select(InboxRow).where(InboxRow.state == InboxState.DEAD))
    jobs = session.scalars(select(JobRow).where(JobRow.state == JobState.DEAD))
    return [*events, *jobs]


def _dead(session: Session, letter: str) -> Any:
    """The dead letter with this id (`job-<n>` for a job), or an error that says where to look."""
    for row in _all_dead(session):
        if letter in (str(getattr(row, "event_id", "")), f"job-{getattr(row, 'id', '')}"):
            return row
    raise click.ClickException(f"no dead letter {letter} here; `kompeten dead-letters list` shows them all")


dead_letters.add_command(rejected)
