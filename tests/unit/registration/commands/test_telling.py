"""What owners are told of their accounts, so that somebody else's act does not stay unseen."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from services.registration.commands.accounts import (
    ChangeRoles,
    OpenStaffAccount,
    RenameAccount,
    change_roles,
    deactivate_account,
    open_staff_account,
    reactivate_account,
    rename_account,
)
from services.registration.commands.devices import make_device_key
from services.registration.commands.passwords import ChangePassword, RequestReset, ResetPassword
from services.registration.commands.telling import tell_of_program, tell_of_sign_in
from services.registration.commands.tries import Visitor
from shared.contracts.registration import AccountInvited
from shared.security.actor import SYSTEM
from shared.security.allowances import open_allowances
from shared.security.roles import Role
from tests.unit.registration.people import (
    PASSWORD,
    applicant,
    change_password,
    request_password_reset,
    reset_password,
    staff,
    told,
    told_link,
    told_links,
)

NEW = "lima kata acak yang baru"


@pytest.fixture(autouse=True)
def _full_allowances() -> Iterator[None]:
    open_allowances()
    yield
    open_allowances()


def changes(session: Session) -> list[str]:
    return [fact["change"] for fact in told(session, "account_security_changed")]


def test_a_new_password_is_told_but_not_the_first_one(session: Session) -> None:
    wanted = OpenStaffAccount(name="Asesor (contoh)", email="asesor@contoh.test", roles=[Role.ASSESSOR])
    account = open_staff_account(session, SYSTEM, wanted)
    first = told_links(session, AccountInvited)[-1].partition("key=")[2]
    reset_password(session, ResetPassword(key=first, new=PASSWORD))
    assert changes(session) == []
    change_password(session, account.actor, ChangePassword(current=PASSWORD, new=NEW))
    request_password_reset(session, RequestReset(email=account.email))
    reset_password(session, ResetPassword(key=told_link(session).partition("key=")[2], new=PASSWORD))
    assert changes(session) == ["password_changed", "password_reset"]


def test_what_an_administrator_does_is_told(session: Session) -> None:
    account = staff(session, Role.ASSESSOR)
    change_roles(session, SYSTEM, account.id, ChangeRoles(roles=[Role.ASSESSOR]))
    assert changes(session) == []
    change_roles(session, SYSTEM, account.id, ChangeRoles(roles=[Role.SECRETARIAT]))
    rename_account(session, SYSTEM, account.id, RenameAccount(name="Nama Lain (contoh)"))
    deactivate_account(session, SYSTEM, account.id)
    reactivate_account(session, SYSTEM, account.id)
    assert changes(session) == ["roles_changed", "renamed", "deactivated", "reactivated"]


def test_a_browser_is_told_of_once_and_another_account_of_it_too(session: Session) -> None:
    siti, budi = applicant(session), applicant(session, "budi@contoh.test")
    tell_of_sign_in(session, siti, Visitor("home"))
    known = Visitor("home", (make_device_key(siti.email),))
    tell_of_sign_in(session, siti, known)
    assert changes(session) == ["signed_in"]
    tell_of_sign_in(session, budi, known)
    assert [fact["account_id"] for fact in told(session, "account_security_changed")] == [str(siti.id), str(budi.id)]


def test_a_program_is_told_of_once_a_day_for_a_network(session: Session) -> None:
    """Programs sign in every quarter of an hour, and keep no cookies."""
    siti = applicant(session)
    for network in ("home", "home", "elsewhere"):
        tell_of_program(session, siti, Visitor(network))
    assert changes(session) == ["program_signed_in"] * 2


def test_nothing_of_the_person_stands_in_it(session: Session) -> None:
    siti = applicant(session)
    tell_of_sign_in(session, siti, Visitor("home"))
    (fact,) = told(session, "account_security_changed")
    assert set(fact) == {"account_id", "change", "at"}
