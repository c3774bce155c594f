"""Accounts opened, changed and deactivated. Every change is audited and told to the other stages."""

from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.registration.commands.authority import lock_own_account, require_account_keeper, supersede_tokens
from services.registration.commands.invitations import mail_invitation
from services.registration.commands.loading import load_account
from services.registration.commands.passwords import end_open_links
from services.registration.commands.sessions import end_sign_ins
from services.registration.commands.staff_identities import bind_staff_nik, check_person, describe_account
from services.registration.commands.telling import AccountChange, tell_owner
from services.registration.domain.accounts import (
    AccountState,
    check_language,
    check_other_administrators,
    check_roles,
    is_staff,
)
from services.registration.domain.exclusions import check_exclusions
from services.registration.models.accounts import Account, AccountRole
from shared.audit import record_act
from shared.contracts.registration import AccountChanged, AccountOpened
from shared.errors import N_, Conflict
from shared.messaging.outbox import announce
from shared.pasted_text import Code
from shared.persons import check_person_name, normalise_email
from shared.security.actor import SYSTEM, Actor
from shared.security.roles import Role

Name = Annotated[str, Field(min_length=1, max_length=120, description="Full name.")]
Email = Annotated[Code, Field(min_length=3, max_length=254, description="Address one signs in with.")]
Language = Literal["id", "en"]
Roles = Annotated[list[Role], Field(min_length=1, max_length=len(Role))]
STAFF_NAME = N_("Nama petugas diubah oleh administrator lain, agar catatan tindakan tetap dapat dipercaya.")
Version = Annotated[int | None, Field(ge=1, description="Version that was shown; refused when it is no longer that.")]


class OpenStaffAccount(BaseModel):
    """What an administrator gives. The password is its owner's alone, who is mailed a link to set one."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    email: Email
    roles: Roles
    nik: Code | None = Field(None, max_length=40, description="Identity number of whose it is, 16 digits.", repr=False)
    language: Language = "id"


class ChangeRoles(BaseModel):
    """The roles an account shall have from now on, all of them."""

    roles: Roles
    version: Version = None


class ChangeProfile(BaseModel):
    """One's own name and language, as they shall be."""

    name: Name
    language: Language


class RenameAccount(BaseModel):
    """What somebody who works for the body is called from now on."""

    name: Name
    version: Version = None


def open_account(session: Session, name: str, email: str, language: str, password_hash: str) -> Account:
    """Open an applicant's own account (process 2.1), whose owner has shown that the address is theirs; return it.

    Raises Invalid for a name, address or language that is none, Conflict when the address has an account.
    """
    account = _new(session, name, email, language, frozenset({Role.APPLICANT}))
    account.password_hash = password_hash
    return _opened(session, account, account.actor)


def open_staff_account(session: Session, actor: Actor, wanted: OpenStaffAccount) -> Account:
    """Open an account with the roles an administrator gives it, and mail its owner the link to set a password.

    Raises Invalid for a name, address, language, NIK or role that is none and for roles that exclude one another,
    Conflict when the address has an account or the person one as staff, and as `require_account_keeper`. Nobody but
    the system opens one without a NIK.
    """
    require_account_keeper(session, actor)
    roles = check_roles(wanted.roles)
    check_exclusions(roles)
    account = _new(session, wanted.name, wanted.email, wanted.language, roles)
    opened = _opened(session, account, actor, wanted.nik)
    if is_staff(roles):
        check_person(session, actor, opened)
    mail_invitation(session, opened)
    session.flush()
    return opened


def open_trial_account(session: Session, wanted: OpenStaffAccount, password_hash: str) -> Account:
    """Open an account of a trial system, whose password everybody is told. Raises as `open_staff_account`."""
    account = _new(session, wanted.name, wanted.email, wanted.language, check_roles(wanted.roles))
    account.password_hash = password_hash
    return _opened(session, account, SYSTEM)


def change_roles(session: Session, actor: Actor, account_id: UUID, change: ChangeRoles) -> Account:
    """Give the account exactly these roles. Its tokens with the old ones count no longer: a browser is given a new one.

    Raises NotFound, Invalid for unknown roles and for those that exclude one another, Conflict for the last
    administrator, for a person who is not known by the NIK or has another account as staff, or when somebody changed
    the account since its version was shown, and as `require_account_keeper`.
    """
    require_account_keeper(session, actor, account_id)
    account, wanted = load_account(session, account_id, change.version), check_roles(change.roles)
    check_exclusions(wanted)
    if is_staff(wanted - account.roles):
        check_person(session, actor, account)
    if Role.ADMINISTRATOR not in wanted:
        _keep_an_administrator(session, account)
    before, account.roles = account.roles, wanted
    if before != wanted:
        supersede_tokens(session, account)
        tell_owner(session, account, AccountChange.ROLES_CHANGED)
        _changed(session, account, actor, "account:change-roles", {"roles": _names(before)}, {"roles": _names(wanted)})
    return account


def deactivate_account(
    session: Session, actor: Actor, account_id: UUID, version: int | None = None, *, even_last: bool = False
) -> Account:
    """Deactivate the account: its sessions, its tokens and the links mailed to it end for good. What it did stays.

    Tells AccountChanged, no longer active, and TokensSuperseded, which every service follows. `even_last` lets go of
    the last administrator, too.

    Raises NotFound, Conflict when it is not active, is the last administrator or was changed since it was shown, and
    as `require_account_keeper`.
    """
    require_account_keeper(session, actor, account_id)
    account = load_account(session, account_id, version)
    if not account.active:
        raise Conflict("account-deactivated", N_("Akun ini sudah dinonaktifkan."))
    if not even_last:
        _keep_an_administrator(session, account)
    end_open_links(session, account)
    end_sign_ins(session, account)
    account.state = AccountState.DEACTIVATED
    tell_owner(session, account, AccountChange.DEACTIVATED)
    _changed(session, account, actor, "account:deactivate", {"state": "active"}, {"state": "deactivated"})
    return account


def reactivate_account(session: Session, actor: Actor, account_id: UUID, version: int | None = None) -> Account:
    """Reactivate a deactivated account with the roles and the password it had.

    Raises NotFound, Conflict when it is active or was changed since it was shown, as `require_account_keeper`, and for
    an account of staff as `check_person` and `check_exclusions`: it may be from before these were asked.
    """
    require_account_keeper(session, actor, account_id)
    account = load_account(session, account_id, version)
    if account.active:
        raise Conflict("account-active", N_("Akun ini masih aktif."))
    if is_staff(account.roles):
        check_person(session, actor, account)
        check_exclusions(account.roles)
    account.state = AccountState.ACTIVE
    tell_owner(session, account, AccountChange.REACTIVATED)
    _changed(session, account, actor, "account:reactivate", {"state": "deactivated"}, {"state": "active"})
    return account


def change_profile(session: Session, actor: Actor, change: ChangeProfile) -> Account:
    """Change one's own name, as others see it, and the language of pages and mails.

    Who works for the body keeps the name an administrator gave: under it the log of every stage knows who acted (R26).
    Raises Invalid for a name or language that is none, Conflict for the name of staff, and as `lock_own_account`.
    """
    account = lock_own_account(session, actor)
    if is_staff(account.roles) and check_person_name(change.name) != account.name:
        raise Conflict("staff-name", STAFF_NAME, fields={"name": STAFF_NAME})
    before = {"name": account.name, "language": account.language}
    after = {"name": check_person_name(change.name), "language": check_language(change.language)}
    account.name, account.language = after["name"], after["language"]
    if before != after:
        _changed(session, account, actor, "account:change-profile", before, after)
    return account


def rename_account(session: Session, actor: Actor, account_id: UUID, change: RenameAccount) -> Account:
    """Give an account another name, for another administrator than its owner; acts before keep the name they bear.

    Raises NotFound, Invalid for what is no name, Conflict for one's own account or when somebody changed the account
    since its version was shown, and as `require_account_keeper`.
    """
    require_account_keeper(session, actor, account_id)
    if account_id == actor.id:
        raise Conflict("staff-name", STAFF_NAME, fields={"name": STAFF_NAME})
    account = load_account(session, account_id, change.version)
    before, account.name = account.name, check_person_name(change.name)
    if before != account.name:
        tell_owner(session, account, AccountChange.RENAMED)
        _changed(session, account, actor, "account:rename", {"name": before}, {"name": account.name})
    return account


def _new(session: Session, name: str, email: str, language: str, roles: frozenset[Role]) -> Account:
    account = Account(
        id=uuid4(),
        name=check_person_name(name),
        email=normalise_email(email),
        language=check_language(language),
        state=AccountState.ACTIVE,
        password_hash=None,
    )
    account.roles = roles
    if _has_account(session, account.email):
        raise _taken()
    return account


def _has_account(session: Session, email: str) -> bool:
    return session.scalar(select(Account.id).where(Account.email == email)) is not None


def _opened(session: Session, account: Account, actor: Actor, nik: str | None = None) -> Account:
    """Write and tell it. Two who ask for one address at once: the database lets one through."""
    session.add(account)
    record_act(session, actor, "account:open", account.subject, None, {"roles": _names(account.roles)})
    try:
        session.flush()
    except IntegrityError as error:
        raise _taken() from error
    if nik:
        bind_staff_nik(session, actor, account, nik)
    announce(session, account, AccountOpened(**describe_account(session, account)))
    session.flush()
    return account


def _changed(
    session: Session, account: Account, actor: Actor, action: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    record_act(session, actor, action, account.subject, before, after)
    announce(session, account, AccountChanged(**describe_account(session, account)))
    session.flush()


def _keep_an_administrator(session: Session, account: Account) -> None:
    """Refuse to lose the last one. `require_account_keeper` holds the locks: two cannot remove each other at once."""
    if not account.active or Role.ADMINISTRATOR not in account.roles:
        return
    administrators = session.scalars(
        select(Account.id)
        .join(AccountRole)
        .where(AccountRole.role == Role.ADMINISTRATOR, Account.state == AccountState.ACTIVE)
        .where(Account.password_hash.is_not(None))  # who was invited cannot let anybody in yet
    ).all()
    check_other_administrators(sum(other != account.id for other in administrators))


def _names(roles: frozenset[Role]) -> list[str]:
    return sorted(role.value for role in roles)


def _taken() -> Conflict:
    message = N_("Alamat surel ini sudah mempunyai akun. Silakan masuk, atau atur ulang kata sandi.")
    return Conflict("email-taken", message, fields={"email": message})
