"""Accounts from the command line: when nobody is left who could make one on the pages."""

from pathlib import Path

import click
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from shared.database.opened import database_of
from shared.errors import Refusal
from shared.security.actor import SYSTEM
from shared.security.roles import Role


@click.group()
def accounts() -> None:
    """People who may sign in."""


@accounts.command("create")
@click.option("--email", required=True, help="Address to sign in with.")
@click.option("--name", required=True, help="Full name.")
@click.option("--role", "roles", required=True, multiple=True, type=click.Choice([role.value for role in Role]))
@click.option(
    "--password-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File with the password; without it a link to set one is mailed.",
)
def create(email: str, name: str, roles: tuple[str, ...], password_file: Path | None) -> None:
    """Open an account with these roles."""
    from services.registration.commands.accounts import OpenStaffAccount, hash_wanted_password, open_staff_account

    password = password_file.read_text().strip() if password_file else None
    try:
        wanted = OpenStaffAccount(name=name, email=email, roles=[Role(role) for role in roles], password=password)
        password_hash = hash_wanted_password(wanted)
        with database_of("registration").unit_of_work() as session:
            account = open_staff_account(session, SYSTEM, wanted, password_hash)
    except ValidationError as error:
        raise click.ClickException("; ".join(_sentence(line) for line in error.errors(include_input=False))) from error
    except Refusal as refusal:
        raise click.ClickException(" ".join([str(refusal), *refusal.fields.values()])) from refusal
    click.echo(f"{account.id} {account.email} {', '.join(sorted(account.roles))}")


def _sentence(error: ErrorDetails) -> str:
    return f"{'.'.join(str(step) for step in error['loc'])}: {error['msg']}"
