"""Accounts from the command line: when nobody is left who could make one on the pages."""

import click

from kompeten.commands.refusals import saying_refusals
from shared.database.opened import database_of
from shared.security.actor import SYSTEM
from shared.security.roles import Role


@click.group()
def accounts() -> None:
    """People who may sign in."""


@accounts.command("create")
@click.option("--email", required=True, help="Address to sign in with.")
@click.option("--name", required=True, help="Full name.")
@click.option("--role", "roles", required=True, multiple=True, type=click.Choice([role.value for role in Role]))
@click.option("--nik", help="Identity number of whose it is; an administrator can note it later.")
def create_staff_account(email: str, name: str, roles: tuple[str, ...], nik: str | None) -> None:
    """Open an account with these roles; its owner is mailed a link to set the password."""
    from services.registration.commands.accounts import OpenStaffAccount, open_staff_account

    with saying_refusals(), database_of("registration").unit_of_work() as session:
        wanted = OpenStaffAccount(name=name, email=email, roles=[Role(role) for role in roles], nik=nik)
        account = open_staff_account(session, SYSTEM, wanted)
    click.echo(f"{account.id} {account.email} {', '.join(sorted(account.roles))}")


@accounts.command("invite")
@click.argument("email")
def invite(email: str) -> None:
    """Print the link with which the owner of EMAIL sets the first password: once, within three days.

    For the first administrator, and for as long as no mail goes out. Whoever has the link has the account: hand it over
    in person. Earlier links end.
    """
    from services.registration.commands.invitations import make_invitation

    with saying_refusals(), database_of("registration").unit_of_work() as session:
        made = make_invitation(session, email)
    click.echo(made.address)


@accounts.command("rename")
@click.option("--email", required=True, help="Address of the account.")
@click.option("--name", required=True, help="Full name.")
def give_another_name(email: str, name: str) -> None:
    """Give an account another name, as when a lone administrator marries: on the pages nobody renames themselves.

    The log keeps the name under which somebody acted; this act stands in it, done by the system.
    """
    from services.registration.commands.accounts import RenameAccount, rename_account
    from services.registration.commands.loading import find_account_id

    with saying_refusals(), database_of("registration").unit_of_work() as session:
        account = rename_account(session, SYSTEM, find_account_id(session, email), RenameAccount(name=name))
    click.echo(f"{account.id} {account.email} {account.name}")
