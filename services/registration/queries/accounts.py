"""What the accounts' pages and API show. Nothing here leads back to a secret."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.registration.commands.loading import load_account
from services.registration.commands.sessions import hash_secret
from services.registration.commands.staff_identities import has_nik
from services.registration.commands.steps import has_second_factor
from services.registration.domain.accounts import AccountState
from services.registration.models.accounts import Account, AccountRole, BrowserSession
from shared.clock import real_now
from shared.pagination import Page, PageQuery, contains_text, paginate
from shared.security.roles import Role


class AccountView(BaseModel):
    """An account without its secrets."""

    id: UUID
    name: str
    email: str
    language: str
    roles: list[Role]
    state: AccountState
    version: int
    created_at: datetime
    invited: bool = Field(False, description="Whether its owner has not set a password yet.")
    nik_known: bool = Field(False, description="Whether it is noted whose it is; shown of one account, not in lists.")
    second_factor: bool = Field(
        False, description="Whether sign-ins want a code or a passkey; shown of one account, not in lists."
    )


class AccountQuery(PageQuery):
    """Part of the accounts."""

    role: str = Field("", max_length=40, description="Only accounts with this role.")


class SessionView(BaseModel):
    """A browser that is signed in."""

    since: datetime
    seen_at: datetime
    here: bool = Field(False, description="Whether it is the one that asks.")


def describe_account(session: Session, account: Account) -> AccountView:
    """Return the account as pages and API show it."""
    view = _list_account(account)
    more = {"second_factor": has_second_factor(session, account.id), "nik_known": has_nik(session, account.id)}
    return view.model_copy(update=more)


def _list_account(account: Account) -> AccountView:
    """The account as a list shows it, without what would be asked for each one."""
    return AccountView(
        id=account.id,
        name=account.name,
        email=account.email,
        language=account.language,
        roles=sorted(account.roles),
        state=AccountState(account.state),
        version=account.version,
        created_at=account.created_at,
        invited=account.password_hash is None,
    )


def list_accounts(session: Session, query: AccountQuery) -> Page[AccountView]:
    """Return a page of accounts by name or address (`q`), state (`status`) and role."""
    found = select(Account)
    if query.q:
        found = found.where(contains_text(query.q, Account.name, Account.email))
    if query.status:
        found = found.where(Account.state == query.status)
    if query.role:
        found = found.where(Account.role_rows.any(AccountRole.role == query.role))
    sorts = {"name": Account.name, "email": Account.email, "created_at": Account.created_at, "state": Account.state}
    return paginate(session, found, query, _list_account, sorts=sorts)


def view_account(session: Session, account_id: UUID) -> AccountView:
    """Return one account. Raises NotFound."""
    return describe_account(session, load_account(session, account_id))


def list_living_sessions(session: Session, account_id: UUID, secret: str) -> list[SessionView]:
    """Return where the account is signed in, the latest first, at most 20; `secret` is that of the asking browser."""
    living = (
        select(BrowserSession)
        .where(
            BrowserSession.account_id == account_id,
            BrowserSession.ended_at.is_(None),
            BrowserSession.expires_at > real_now(),
        )
        .order_by(BrowserSession.seen_at.desc())
        .limit(20)
    )
    mine = hash_secret(secret)
    return [
        SessionView(since=row.created_at, seen_at=row.seen_at, here=row.secret_hash == mine)
        for row in session.scalars(living)
    ]
