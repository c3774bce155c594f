"""One person is one person, whatever accounts they have."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from services.registration.commands.accounts import (
    ChangeRoles,
    OpenStaffAccount,
    change_roles,
    deactivate_account,
    open_staff_account,
    open_trial_account,
    reactivate_account,
)
from services.registration.commands.staff_identities import GiveNik, give_nik, has_nik, is_nik_of
from services.registration.models import Account
from shared.errors import Conflict, Forbidden, Invalid
from shared.security.actor import SYSTEM
from shared.security.roles import Role
from tests.unit.registration.people import applicant, noted, staff

NIK = "3171014101850001"


def opened(session: Session, admin: Account, email: str, nik: str | None = NIK, *roles: Role) -> Account:
    wanted = OpenStaffAccount(name="Asesor (contoh)", email=email, roles=list(roles or [Role.ASSESSOR]), nik=nik)
    return open_staff_account(session, admin.actor, wanted)


@pytest.fixture
def admin(session: Session) -> Account:
    return staff(session, Role.ADMINISTRATOR, email="admin@contoh.test")


def test_a_person_has_one_account_as_staff(session: Session, admin: Account) -> None:
    opened(session, admin, "satu@contoh.test")
    with pytest.raises(Conflict) as refusal:
        opened(session, admin, "dua@contoh.test", "3171.0141.0185.0001")
    assert refusal.value.code == "person-has-account"
    opened(session, admin, "tiga@contoh.test", "3171014101850002")


def test_an_administrator_says_whose_account_it_is(session: Session, admin: Account) -> None:
    with pytest.raises(Invalid) as refusal:
        opened(session, admin, "satu@contoh.test", None)
    assert set(refusal.value.fields) == {"nik"}
    with pytest.raises(Invalid):
        opened(session, admin, "dua@contoh.test", "3171014101850000")


def test_the_first_administrator_is_opened_without_and_named_later(session: Session) -> None:
    wanted = OpenStaffAccount(name="Administrator", email="kepala@contoh.test", roles=[Role.ADMINISTRATOR])
    first = open_staff_account(session, SYSTEM, wanted)
    give_nik(session, first.actor, first.id, GiveNik(nik=NIK))
    assert is_nik_of(session, first.id, NIK)


def test_an_applicant_gets_roles_of_staff_once_the_person_is_known(session: Session, admin: Account) -> None:
    account = applicant(session)
    change = ChangeRoles(roles=[Role.APPLICANT, Role.ASSESSOR])
    with pytest.raises(Invalid) as refusal:
        change_roles(session, admin.actor, account.id, change)
    assert refusal.value.code == "nik-missing"
    give_nik(session, admin.actor, account.id, GiveNik(nik=NIK))
    assert change_roles(session, admin.actor, account.id, change).roles == {Role.APPLICANT, Role.ASSESSOR}


def test_excluding_roles_are_refused_for_the_person_across_accounts(session: Session, admin: Account) -> None:
    """This failure mode means an auditor who verifies files under another address."""
    officer = opened(session, admin, "satu@contoh.test", NIK, Role.SECRETARIAT)
    with pytest.raises(Conflict), session.begin_nested():
        opened(session, admin, "dua@contoh.test", NIK, Role.AUDITOR)
    with pytest.raises(Invalid) as refusal:
        change_roles(session, admin.actor, officer.id, ChangeRoles(roles=[Role.SECRETARIAT, Role.AUDITOR]))
    assert refusal.value.code == "roles-exclude"
    change_roles(session, admin.actor, officer.id, ChangeRoles(roles=[Role.AUDITOR]))


def test_who_has_left_may_come_back_under_another_address_but_not_twice(session: Session, admin: Account) -> None:
    first = opened(session, admin, "satu@contoh.test")
    deactivate_account(session, admin.actor, first.id)
    opened(session, admin, "dua@contoh.test")
    with pytest.raises(Conflict) as refusal:
        reactivate_account(session, admin.actor, first.id)
    assert refusal.value.code == "person-has-account"


def test_an_account_from_before_comes_back_with_a_nik_and_roles_that_go_together(
    session: Session, admin: Account
) -> None:
    """This failure mode means: who left before the NIK was asked for comes back beside the account opened since."""
    wanted = OpenStaffAccount(name="Lama (contoh)", email="lama@contoh.test", roles=[Role.SECRETARIAT, Role.AUDITOR])
    account = open_trial_account(session, wanted, "")
    deactivate_account(session, admin.actor, account.id)
    with pytest.raises(Invalid) as refusal:
        reactivate_account(session, admin.actor, account.id)
    assert refusal.value.code == "nik-missing"
    give_nik(session, admin.actor, account.id, GiveNik(nik=NIK))
    with pytest.raises(Invalid) as refusal:
        reactivate_account(session, admin.actor, account.id)
    assert refusal.value.code == "roles-exclude"
    change_roles(session, admin.actor, account.id, ChangeRoles(roles=[Role.SECRETARIAT]))
    assert reactivate_account(session, admin.actor, account.id).active


def test_a_corrected_nik_takes_the_place_of_the_other(session: Session, admin: Account) -> None:
    account = opened(session, admin, "satu@contoh.test")
    give_nik(session, admin.actor, account.id, GiveNik(nik="3171014101850002"))
    opened(session, admin, "dua@contoh.test", NIK)
    with pytest.raises(Conflict):
        give_nik(session, admin.actor, account.id, GiveNik(nik=NIK))


def test_nobody_replaces_the_nik_of_the_own_account(session: Session, admin: Account) -> None:
    """This failure mode means: an administrator of the secretariat verifies the file they applied with themselves."""
    assert has_nik(session, admin.id)
    with pytest.raises(Conflict) as refusal:
        give_nik(session, admin.actor, admin.id, GiveNik(nik="3171014101850002"))
    assert refusal.value.code == "own-nik"
    other = opened(session, admin, "dua@contoh.test", "3171014101850003", Role.ADMINISTRATOR)
    give_nik(session, other.actor, admin.id, GiveNik(nik="3171014101850002"))
    assert is_nik_of(session, admin.id, "3171014101850002")


def test_only_who_keeps_accounts_notes_it(session: Session) -> None:
    auditor = staff(session, Role.AUDITOR)
    with pytest.raises(Forbidden):
        give_nik(session, auditor.actor, auditor.id, GiveNik(nik=NIK))


def test_it_lies_nowhere_in_clear(session: Session, admin: Account) -> None:
    opened(session, admin, "satu@contoh.test")
    assert "account:give-nik" in [action for action, *_ in noted(session)]
    for table in ("staff_identities", "audit_log", "outbox"):
        assert NIK not in str(session.execute(text(f"select * from {table}")).all())
    assert NIK not in repr(GiveNik(nik=NIK))
