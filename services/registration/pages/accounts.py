"""The administrator's pages: who has an account, and in which roles."""

from uuid import UUID

from flask import request
from werkzeug.wrappers import Response

from services.registration.access import ACCOUNT_KEEPERS
from services.registration.commands import accounts as commands
from services.registration.commands.accounts import ChangeRoles, OpenStaffAccount, RenameAccount
from services.registration.commands.invitations import invite_again
from services.registration.commands.looking import list_noted_accounts, open_account
from services.registration.commands.staff_identities import GiveNik, give_nik
from services.registration.domain.accounts import AccountState
from services.registration.pages.blueprint import pages
from services.registration.queries.accounts import AccountQuery
from shared.errors import N_
from shared.security.roles import Role
from shared.web import (
    Form,
    allow,
    current_actor,
    leave_notice,
    leaving_refusals,
    noting_look,
    read_query,
    redirect_to,
    render_page,
    unit_of_work,
)


@pages.get("/accounts")
@allow(ACCOUNT_KEEPERS)
def show_accounts() -> Response:
    """List the accounts by name, address, state and role."""
    query = read_query(AccountQuery)
    with unit_of_work() as session:
        found = list_noted_accounts(session, current_actor(), query)
    return render_page("registration/accounts/list.html", found=found, query=query, states=AccountState, all_roles=Role)


@pages.route("/accounts/new", methods=["GET", "POST"])
@allow(ACCOUNT_KEEPERS)
def show_new_account() -> Response:
    """Open an account with roles; its owner is mailed a link to set the password."""
    form = Form(OpenStaffAccount)
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                account = commands.open_staff_account(session, current_actor(), form.value)
            leave_notice(N_("Akun {name} sudah dibuka; undangan sedang dikirim."), name=account.name)
            return redirect_to("pages.show_account", account_id=account.id)
    return render_page("registration/accounts/new.html", form=form, all_roles=Role)


@pages.route("/accounts/<uuid:account_id>", methods=["GET", "POST"])
@allow(ACCOUNT_KEEPERS)
def show_account(account_id: UUID) -> Response:
    """Show one account and change its roles."""
    with noting_look() as session:
        account = open_account(session, current_actor(), account_id)
    form = Form(ChangeRoles, values={"roles": list(account.roles), "version": account.version}, merges=True)
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                commands.change_roles(session, current_actor(), account_id, form.value)
            leave_notice(N_("Peran {name} sudah diperbarui."), name=account.name)
            return redirect_to("pages.show_account", account_id=account_id)
    return render_page("registration/accounts/one.html", form=form, account=account, all_roles=Role)


@pages.route("/accounts/<uuid:account_id>/name", methods=["GET", "POST"])
@allow(ACCOUNT_KEEPERS)
def show_account_name(account_id: UUID) -> Response:
    """Give somebody's account another name."""
    with noting_look() as session:
        account = open_account(session, current_actor(), account_id)
    form = Form(RenameAccount, values={"name": account.name, "version": account.version}, merges=True)
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                renamed = commands.rename_account(session, current_actor(), account_id, form.value)
            leave_notice(N_("Nama akun ini sekarang {name}."), name=renamed.name)
            return redirect_to("pages.show_account", account_id=account_id)
    return render_page("registration/accounts/name.html", form=form, account=account)


@pages.route("/accounts/<uuid:account_id>/nik", methods=["GET", "POST"])
@allow(ACCOUNT_KEEPERS)
def show_account_nik(account_id: UUID) -> Response:
    """Note whose account it is."""
    with noting_look() as session:
        account = open_account(session, current_actor(), account_id)
    form = Form(GiveNik)
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                give_nik(session, current_actor(), account_id, form.value)
            leave_notice(N_("NIK pemilik akun sudah dicatat."))
            return redirect_to("pages.show_account", account_id=account_id)
    return render_page("registration/accounts/nik.html", form=form, account=account)


@pages.post("/accounts/<uuid:account_id>/invite")
@allow(ACCOUNT_KEEPERS)
def submit_invitation(account_id: UUID) -> Response:
    """Mail the link to set the first password once more at the button."""
    with leaving_refusals():
        with unit_of_work() as session:
            invite_again(session, current_actor(), account_id)
        leave_notice(N_("Undangan dikirim sekali lagi; tautan yang lama tidak berlaku lagi."))
    return redirect_to("pages.show_account", account_id=account_id)


@pages.post("/accounts/<uuid:account_id>/deactivate")
@allow(ACCOUNT_KEEPERS)
def submit_deactivation(account_id: UUID) -> Response:
    """Deactivate the account at the button."""
    with leaving_refusals():
        with unit_of_work() as session:
            commands.deactivate_account(session, current_actor(), account_id, _version())
        leave_notice(N_("Akun sudah dinonaktifkan."))
    return redirect_to("pages.show_account", account_id=account_id)


@pages.post("/accounts/<uuid:account_id>/reactivate")
@allow(ACCOUNT_KEEPERS)
def submit_reactivation(account_id: UUID) -> Response:
    """Reactivate the account at the button."""
    with leaving_refusals():
        with unit_of_work() as session:
            commands.reactivate_account(session, current_actor(), account_id, _version())
        leave_notice(N_("Akun sudah aktif kembali."))
    return redirect_to("pages.show_account", account_id=account_id)


def _version() -> int | None:
    given = request.form.get("version", "")
    return int(given) if given.isdecimal() and given.isascii() and len(given) < 10 else None
