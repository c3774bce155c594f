"""Opening an applicant's file to verify it, or an account: whoever looks is noted (UU 27/2022)."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.orm import Session

from services.registration.models import Account
from services.registration.queries import accounts
from services.registration.queries.accounts import AccountQuery, AccountView
from services.registration.queries.verification import view_file_to_verify
from services.registration.queries.views import Say, VerificationView
from shared.access_log import Look, note_looks
from shared.audit import record_act
from shared.pagination import Page
from shared.security.actor import Actor
from shared.security.roles import Role


def open_file_to_verify(session: Session, actor: Actor, application_id: UUID, say: Say) -> VerificationView:
    """The file for who opens it: the look is noted, and stands in the audit log as well. Raises NotFound."""
    found = show_file_to_verify(session, actor, application_id, say)
    record_act(session, actor, "application:open", f"application/{application_id}")
    return found


def show_file_to_verify(session: Session, actor: Actor, application_id: UUID, say: Say) -> VerificationView:
    """The file as it is now, in the answer to an act on it: that is a look at it, noted as one. Raises NotFound."""
    found = view_file_to_verify(session, application_id, say)
    note_looks(session, actor, [found.application.applicant_id], Look.FILE, f"application/{application_id}")
    return found


def open_account(session: Session, actor: Actor, account_id: UUID) -> AccountView:
    """One account for who opens it; that an applicant's was looked at is noted. Raises NotFound."""
    return _noted(session, actor, accounts.view_account(session, account_id))


def note_account(session: Session, actor: Actor, account: Account) -> AccountView:
    """The account as it is now, in the answer to an act on it: that is a look at it, noted as one."""
    return _noted(session, actor, accounts.describe_account(session, account))


def list_noted_accounts(session: Session, actor: Actor, query: AccountQuery) -> Page[AccountView]:
    """A page of the accounts with names and addresses; a look is noted for each applicant on it."""
    found = accounts.list_accounts(session, query)
    note_looks(session, actor, _applicants(found.items), Look.ACCOUNT, "accounts")
    return found


def _noted(session: Session, actor: Actor, account: AccountView) -> AccountView:
    note_looks(session, actor, _applicants([account]), Look.ACCOUNT, f"{Account.subject_kind}/{account.id}")
    return account


def _applicants(found: Iterable[AccountView]) -> list[UUID]:
    """Whose accounts are a person's own; who works here has one because of the office (decision 87)."""
    return [account.id for account in found if Role.APPLICANT in account.roles]
