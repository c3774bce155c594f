import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.registration.commands.accounts import OpenStaffAccount, deactivate_account, open_staff_account
from services.registration.commands.invitations import invite_again, make_invitation
from services.registration.commands.passwords import ResetPassword, lock_usable_reset
from services.registration.domain.accounts import INVITATION_LIFE
from services.registration.models import Account, PasswordReset
from shared.contracts.registration import AccountInvited
from shared.errors import Conflict, Forbidden, NotFound
from shared.security.actor import SYSTEM
from shared.security.roles import Role
from tests.unit.registration.people import PASSWORD, noted, reset_password, staff, told_links


def invited(session: Session) -> Account:
    wanted = OpenStaffAccount(name="Asesor (contoh)", email="asesor@contoh.test", roles=[Role.ASSESSOR])
    return open_staff_account(session, SYSTEM, wanted)


def keys_of(session: Session) -> list[str]:
    return [link.partition("key=")[2] for link in told_links(session, AccountInvited)]


def test_an_invitation_lives_three_days_and_sets_the_password_once(session: Session) -> None:
    account = invited(session)
    (key,) = keys_of(session)
    row = session.scalars(select(PasswordReset)).one()
    assert (row.expires_at - row.requested_at).total_seconds() == pytest.approx(INVITATION_LIFE.total_seconds(), abs=5)
    reset_password(session, ResetPassword(key=key, new=PASSWORD))
    assert account.password_hash is not None
    with pytest.raises(Conflict):
        lock_usable_reset(session, key)


def test_an_invitation_is_sent_again_and_the_earlier_link_ends(session: Session) -> None:
    account, admin = invited(session), staff(session, Role.ADMINISTRATOR)
    invite_again(session, admin.actor, account.id)
    first, second = keys_of(session)
    session.expire_all()
    with pytest.raises(Conflict):
        lock_usable_reset(session, first)
    assert lock_usable_reset(session, second).account_id == account.id
    assert noted(session)[-1][0] == "account:invite"


def test_who_has_a_password_or_is_deactivated_is_not_invited(session: Session) -> None:
    admin, other = staff(session, Role.ADMINISTRATOR), invited(session)
    with pytest.raises(Conflict) as refusal:
        invite_again(session, admin.actor, admin.id)
    assert refusal.value.code == "account-has-password"
    deactivate_account(session, SYSTEM, other.id)
    with pytest.raises(Conflict) as refusal:
        make_invitation(session, other.email)
    assert refusal.value.code == "account-deactivated"
    with pytest.raises(NotFound):
        make_invitation(session, "nobody@contoh.test")


def test_only_who_keeps_accounts_invites(session: Session) -> None:
    account = invited(session)
    with pytest.raises(Forbidden):
        invite_again(session, staff(session, Role.AUDITOR).actor, account.id)


def test_the_operator_is_given_the_link_that_no_mail_carries(session: Session) -> None:
    account = invited(session)
    made = make_invitation(session, "Asesor@contoh.test")
    assert len(keys_of(session)) == 1
    reset_password(session, ResetPassword(key=made.address.partition("key=")[2], new=PASSWORD))
    assert account.password_hash is not None
    assert made.address not in repr(made)
