from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from services.registration.commands.accounts import deactivate_account, reactivate_account
from services.registration.commands.device_links import mail_device_link, use_device_link
from services.registration.commands.passwords import ChangePassword, RequestReset, ResetPassword
from services.registration.commands.sessions import Credentials, open_browser_session, renew_browser_session
from services.registration.commands.tries import Visitor
from services.registration.models import Account, PasswordReset
from shared.clock import real_now
from shared.contracts.registration import SignInPaused
from shared.errors import Conflict, Invalid
from shared.security.actor import SYSTEM
from shared.security.roles import Role
from tests.clock import stopped_at
from tests.unit.registration.people import (
    PASSWORD,
    applicant,
    change_password,
    noted,
    request_password_reset,
    reset_password,
    sign_in_account,
    staff,
    told,
    told_link,
    told_links,
)

NEW = "lima kata acak yang baru"


def signs_in(session: Session, account: Account, password: str) -> bool:
    return sign_in_account(session, Credentials(email=account.email, password=password), Visitor("home")) is account


def asked_link(session: Session, account: Account) -> str:
    request_password_reset(session, RequestReset(email=account.email))
    return told_link(session).partition("key=")[2]


def test_a_changed_password_replaces_the_old_one(session: Session) -> None:
    account = applicant(session)
    change_password(session, account.actor, ChangePassword(current=PASSWORD, new=NEW))
    assert signs_in(session, account, NEW)
    assert not signs_in(session, account, PASSWORD)
    assert "account:change-password" in [action for action, *_ in noted(session)]


def test_a_changed_password_ends_the_other_sessions(session: Session) -> None:
    account = applicant(session)
    here, there = open_browser_session(session, account), open_browser_session(session, account)
    change_password(session, account.actor, ChangePassword(current=PASSWORD, new=NEW), keep=here.secret)
    session.expire_all()
    assert renew_browser_session(session, here.secret) is not None
    assert renew_browser_session(session, there.secret) is None


@pytest.mark.parametrize(
    ("current", "new", "field"),
    [("wrong", NEW, "current"), (PASSWORD, PASSWORD, "new"), (PASSWORD, "pendek", "new")],
)
def test_a_change_that_does_not_fit_is_refused_and_the_field_named(
    session: Session, current: str, new: str, field: str
) -> None:
    account = applicant(session)
    with pytest.raises(Invalid) as refusal:
        change_password(session, account.actor, ChangePassword(current=current, new=new))
    assert set(refusal.value.fields) == {field}
    assert signs_in(session, account, PASSWORD)


def test_a_mailed_link_sets_a_new_password_and_ends_every_session(session: Session) -> None:
    account = applicant(session)
    opened = open_browser_session(session, account)
    reset_password(session, ResetPassword(key=asked_link(session, account), new=NEW))
    session.expire_all()
    assert signs_in(session, account, NEW)
    assert renew_browser_session(session, opened.secret) is None


def test_a_mailed_link_works_once_and_takes_the_earlier_ones_with_it(session: Session) -> None:
    account = applicant(session)
    first, second = asked_link(session, account), asked_link(session, account)
    reset_password(session, ResetPassword(key=second, new=NEW))
    session.expire_all()
    for link in (first, second):
        with pytest.raises(Conflict):
            reset_password(session, ResetPassword(key=link, new="enam kata acak yang lain"))


def test_a_mailed_link_lasts_an_hour(session: Session) -> None:
    account = applicant(session)
    with stopped_at(real_now()):
        link = asked_link(session, account)
        expires = session.query(PasswordReset).one()
        assert expires.expires_at - real_now() == timedelta(hours=1)
    expires.expires_at = real_now() - timedelta(seconds=1)
    with pytest.raises(Conflict):
        reset_password(session, ResetPassword(key=link, new=NEW))


def test_a_weak_new_password_does_not_use_the_link_up(session: Session) -> None:
    account = applicant(session)
    link = asked_link(session, account)
    with pytest.raises(Invalid):
        reset_password(session, ResetPassword(key=link, new="pendek"))
    reset_password(session, ResetPassword(key=link, new=NEW))


def test_a_link_is_kept_hashed(session: Session) -> None:
    link = asked_link(session, applicant(session))
    assert link not in str(session.execute(text("select * from password_resets")).all())
    assert link not in str(noted(session))


def test_nobody_is_mailed_for_an_unknown_or_deactivated_account(session: Session) -> None:
    account = staff(session, Role.AUDITOR)
    deactivate_account(session, SYSTEM, account.id, None)
    request_password_reset(session, RequestReset(email=account.email))
    request_password_reset(session, RequestReset(email="nobody@contoh.test"))
    assert told(session, "password_reset_requested") == []


def test_a_mailbox_gets_three_links_an_hour_at_most(session: Session) -> None:
    account = applicant(session)
    for _ in range(5):
        request_password_reset(session, RequestReset(email=account.email))
    assert len(told(session, "password_reset_requested")) == 3


def test_a_link_asked_for_before_the_password_was_changed_sets_no_other(session: Session) -> None:
    """This failure mode means: the owner changes the password because somebody reads the mails, who then uses a link
    of before."""
    account = applicant(session)
    key = asked_link(session, account)
    change_password(session, account.actor, ChangePassword(current=PASSWORD, new=NEW))
    session.expire_all()
    with pytest.raises(Conflict) as refusal:
        reset_password(session, ResetPassword(key=key, new=PASSWORD))
    assert refusal.value.code == "reset-link-invalid"
    assert signs_in(session, account, NEW)


@pytest.mark.parametrize("by_link", [False, True])
def test_a_link_that_makes_a_browser_known_ends_with_the_password(session: Session, by_link: bool) -> None:
    account = applicant(session)
    mail_device_link(session, account.email)
    known = told_links(session, SignInPaused)[-1].partition("key=")[2]
    if by_link:
        reset_password(session, ResetPassword(key=asked_link(session, account), new=NEW))
    else:
        change_password(session, account.actor, ChangePassword(current=PASSWORD, new=NEW))
    session.expire_all()
    with pytest.raises(Conflict) as refusal:
        use_device_link(session, known)
    assert refusal.value.code == "device-link-invalid"


def test_a_link_from_before_a_deactivation_does_not_live_again(session: Session) -> None:
    account = applicant(session)
    key = asked_link(session, account)
    deactivate_account(session, SYSTEM, account.id)
    reactivate_account(session, SYSTEM, account.id)
    session.expire_all()
    with pytest.raises(Conflict):
        reset_password(session, ResetPassword(key=key, new=NEW))


def test_an_unknown_link_is_refused(session: Session) -> None:
    with pytest.raises(Conflict):
        reset_password(session, ResetPassword(key="unknown", new=NEW))
