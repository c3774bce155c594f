from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from services.registration.commands.sessions import (
    Credentials,
    end_browser_session,
    end_sign_ins,
    open_browser_session,
    renew_browser_session,
)
from services.registration.commands.tries import Visitor
from services.registration.models import Account, BrowserSession
from shared import clock
from shared.clock import real_now
from shared.security.roles import Role
from shared.settings import settings
from tests.clock import stopped_at
from tests.unit.registration.people import PASSWORD, applicant, noted, sign_in_account, staff

HOME, ADDRESS = Visitor("home"), "siti@contoh.test"


def come(session: Session, visitor: Visitor, password: str = PASSWORD, email: str = ADDRESS) -> Account | None:
    return sign_in_account(session, Credentials(email=email, password=password), visitor)


def test_the_right_password_signs_in(session: Session) -> None:
    account = applicant(session)
    assert come(session, HOME, email=" SITI@contoh.test ") is account
    assert noted(session)[-1][0] == "account:sign-in"


def test_a_failed_try_leaves_nothing_in_the_database(session: Session) -> None:
    """This failure mode means a stranger who fills the audit log, or learns by its time who has an account."""
    applicant(session)
    assert come(session, HOME, "wrong password") is None
    assert come(session, HOME, "wrong password", "nobody@contoh.test") is None
    assert [action for action, *_ in noted(session)] == ["account:open"]


def test_a_session_slides_with_use(session: Session) -> None:
    opened = open_browser_session(session, applicant(session))
    opened.session.expires_at = real_now() + timedelta(minutes=1)
    with stopped_at(real_now()):
        renewed = renew_browser_session(session, opened.secret)
        assert renewed is opened.session
        assert renewed.expires_at == real_now() + timedelta(minutes=settings().applicant_session_idle_minutes)


@pytest.mark.parametrize(("role", "longest"), [(Role.APPLICANT, 168), (Role.CHAIR, 12)])
def test_a_session_ends_at_its_time_however_much_it_is_used(session: Session, role: Role, longest: int) -> None:
    begun = real_now()
    with stopped_at(begun):
        opened = open_browser_session(session, staff(session, role))
    for hour in range(1, longest):
        with stopped_at(begun + timedelta(hours=hour)):
            assert renew_browser_session(session, opened.secret) is not None, hour
    with stopped_at(begun + timedelta(hours=longest)):
        assert renew_browser_session(session, opened.secret) is None


@pytest.mark.parametrize(("role", "idle"), [(Role.APPLICANT, 720), (Role.CHAIR, 120)])
def test_a_session_that_is_not_used_ends_sooner(session: Session, role: Role, idle: int) -> None:
    begun = real_now()
    with stopped_at(begun):
        opened = open_browser_session(session, staff(session, role))
    with stopped_at(begun + timedelta(minutes=idle)):
        assert renew_browser_session(session, opened.secret) is None


def test_who_becomes_staff_has_a_session_of_staff(session: Session) -> None:
    begun = real_now()
    account = applicant(session)
    with stopped_at(begun):
        opened = open_browser_session(session, account)
    account.roles = frozenset({Role.ASSESSOR})
    with stopped_at(begun + timedelta(hours=11)):
        assert renew_browser_session(session, opened.secret) is not None
        assert opened.session.expires_at == begun + timedelta(hours=12)


def test_the_secret_of_a_session_is_kept_hashed(session: Session) -> None:
    opened = open_browser_session(session, applicant(session))
    assert opened.secret not in str(session.execute(text("select * from browser_sessions")).all())
    assert opened.secret not in repr(opened)


def test_an_expired_session_is_not_renewed(session: Session) -> None:
    opened = open_browser_session(session, applicant(session))
    opened.session.expires_at = real_now() - timedelta(seconds=1)
    assert renew_browser_session(session, opened.secret) is None


def test_a_moved_trial_clock_ends_no_session(session: Session) -> None:
    opened = open_browser_session(session, applicant(session))
    clock.set_ahead(400 * 24 * 3600)
    try:
        assert renew_browser_session(session, opened.secret) is opened.session
    finally:
        clock.set_ahead(0)


def test_signing_out_ends_the_session_for_good(session: Session) -> None:
    opened = open_browser_session(session, applicant(session))
    end_browser_session(session, opened.secret)
    assert renew_browser_session(session, opened.secret) is None
    assert noted(session)[-1][0] == "account:sign-out"
    end_browser_session(session, opened.secret)
    end_browser_session(session, "unknown")
    assert [action for action, *_ in noted(session)].count("account:sign-out") == 1


def test_all_sessions_but_the_one_in_use_can_be_ended(session: Session) -> None:
    account = applicant(session)
    here, there = open_browser_session(session, account), open_browser_session(session, account)
    assert end_sign_ins(session, account, but=here.secret) == 1
    session.expire_all()
    assert renew_browser_session(session, here.secret) is not None
    assert renew_browser_session(session, there.secret) is None


def test_an_unknown_secret_renews_nothing(session: Session) -> None:
    assert renew_browser_session(session, "unknown") is None
    assert session.scalars(select(BrowserSession)).all() == []
