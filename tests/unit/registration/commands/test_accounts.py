from uuid import uuid4

import pytest
from pydantic import ValidationError
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from services.registration.commands.accounts import (
    ChangeProfile,
    ChangeRoles,
    OpenStaffAccount,
    RenameAccount,
    change_profile,
    change_roles,
    deactivate_account,
    open_account,
    open_staff_account,
    reactivate_account,
    rename_account,
)
from services.registration.commands.first_accounts import DEMO_ACCOUNTS, close_demo_accounts
from services.registration.commands.invitations import make_invitation
from services.registration.commands.passwords import ResetPassword
from services.registration.commands.sessions import Credentials, open_browser_session, renew_browser_session
from services.registration.commands.tries import Visitor
from services.registration.models import Account
from shared.audit import AuditRow
from shared.contracts.registration import AccountInvited
from shared.errors import Conflict, Invalid, NotFound
from shared.security.actor import SYSTEM
from shared.security.roles import Role
from shared.settings import settings
from tests.unit.registration.people import (
    PASSWORD,
    applicant,
    noted,
    open_missing_accounts,
    reset_password,
    sign_in_account,
    staff,
    told,
    told_links,
)

NIK = "3171014101850001"


def assessor(*given: Role) -> OpenStaffAccount:
    return OpenStaffAccount(name="Asesor (contoh)", email="asesor@contoh.test", roles=list(given), nik=NIK)


def roles(*names: str, version: int | None = None) -> ChangeRoles:
    return ChangeRoles(roles=[Role(name) for name in names], version=version)


def test_an_opened_account_is_an_applicants_and_is_told(session: Session) -> None:
    account = open_account(session, "  Siti  Aminah (contoh)", " Siti@Contoh.test", "en", "hash")
    assert (account.name, account.email) == ("Siti Aminah (contoh)", "siti@contoh.test")
    assert account.roles == {Role.APPLICANT}
    assert told(session, "account_opened") == [
        {
            "account_id": str(account.id),
            "name": "Siti Aminah (contoh)",
            "email": "siti@contoh.test",
            "language": "en",
            "roles": ["applicant"],
            "active": True,
            "person_id": None,
        }
    ]
    assert noted(session) == [("account:open", None, {"roles": ["applicant"]})]


def test_the_password_stands_nowhere_in_the_database(session: Session) -> None:
    applicant(session)
    session.flush()
    for table in ("accounts", "outbox", "audit_log"):
        rows = session.execute(text(f"select * from {table}")).all()
        assert rows
        assert PASSWORD not in str(rows)


def test_an_address_has_one_account_however_it_is_written(session: Session) -> None:
    applicant(session, "siti@contoh.test")
    with pytest.raises(Conflict) as refusal:
        applicant(session, "SITI@contoh.test")
    assert set(refusal.value.fields) == {"email"}
    assert len(session.scalars(select(Account)).all()) == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "siti"}, "email"),
        ({"email": "siti@@contoh.test"}, "email"),
        ({"name": "<script>"}, "name"),
    ],
)
def test_an_account_that_does_not_fit_is_refused_and_the_field_named(
    session: Session, change: dict[str, str], field: str
) -> None:
    given = {"name": "Siti (contoh)", "email": "siti@contoh.test", **change}
    with pytest.raises(Invalid) as refusal:
        open_account(session, **given, language="id", password_hash="hash")
    assert set(refusal.value.fields) == {field}
    assert told(session, "account") == []


def test_staff_get_the_roles_the_administrator_gives(session: Session) -> None:
    admin = staff(session, Role.ADMINISTRATOR, email="admin@contoh.test")
    account = open_staff_account(session, admin.actor, assessor(Role.ASSESSOR, Role.SECRETARIAT))
    assert account.roles == {Role.ASSESSOR, Role.SECRETARIAT}
    assert told(session, "account_opened")[-1]["roles"] == ["assessor", "secretariat"]


def test_nobody_chooses_a_password_for_staff_who_are_mailed_a_link_to_set_one(session: Session) -> None:
    account = open_staff_account(session, SYSTEM, assessor(Role.ASSESSOR))
    assert account.password_hash is None
    (told_of,) = told(session, "account_invited")
    assert told_of["account_id"] == str(account.id)
    (link,) = told_links(session, AccountInvited)
    assert link.startswith(f"{settings().public_url}/registration/password/reset?key=")
    with pytest.raises(ValidationError):
        OpenStaffAccount.model_validate({**assessor(Role.ASSESSOR).model_dump(), "password": PASSWORD})
    assert sign_in_account(session, Credentials(email=account.email, password=""), Visitor("home")) is None


def test_staff_need_a_role(session: Session) -> None:
    with pytest.raises(Invalid) as refusal:
        open_staff_account(session, SYSTEM, assessor(Role.ASSESSOR).model_copy(update={"roles": []}))
    assert set(refusal.value.fields) == {"roles"}


def test_changed_roles_are_told_with_the_next_number(session: Session) -> None:
    account = staff(session, Role.ASSESSOR)
    session.flush()
    change_roles(session, SYSTEM, account.id, roles("assessor", "secretariat", version=account.version))
    assert account.roles == {Role.ASSESSOR, Role.SECRETARIAT}
    assert account.sequence == 4
    assert told(session, "account_changed")[0]["roles"] == ["assessor", "secretariat"]
    assert noted(session)[-1] == (
        "account:change-roles",
        {"roles": ["assessor"]},
        {"roles": ["assessor", "secretariat"]},
    )


def test_the_same_roles_again_change_and_tell_nothing(session: Session) -> None:
    account = staff(session, Role.ASSESSOR)
    change_roles(session, SYSTEM, account.id, roles("assessor"))
    assert told(session, "account_changed") == []


def test_who_saw_an_older_version_does_not_overwrite_the_newer(session: Session) -> None:
    account = staff(session, Role.ASSESSOR)
    session.flush()
    seen = account.version
    change_roles(session, SYSTEM, account.id, roles("auditor", version=seen))
    with pytest.raises(Conflict):
        change_roles(session, SYSTEM, account.id, roles("secretariat", version=seen))


def test_an_unknown_account_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        change_roles(session, SYSTEM, uuid4(), roles("auditor"))


def test_the_last_administrator_keeps_the_role_and_stays_active(session: Session) -> None:
    admin = staff(session, Role.ADMINISTRATOR)
    with pytest.raises(Conflict, match="administrator"):
        change_roles(session, admin.actor, admin.id, roles("auditor"))
    with pytest.raises(Conflict, match="administrator"):
        deactivate_account(session, admin.actor, admin.id, None)


def test_a_deactivated_administrator_does_not_count_as_one(session: Session) -> None:
    admin = staff(session, Role.ADMINISTRATOR)
    other = staff(session, Role.ADMINISTRATOR, email="lain@contoh.test")
    deactivate_account(session, admin.actor, other.id, None)
    with pytest.raises(Conflict):
        change_roles(session, admin.actor, admin.id, roles("auditor"))
    reactivate_account(session, admin.actor, other.id, None)
    change_roles(session, admin.actor, admin.id, roles("auditor"))
    assert admin.roles == {Role.AUDITOR}


def test_an_administrator_who_never_opened_the_invitation_does_not_count_as_one(session: Session) -> None:
    admin = staff(session, Role.ADMINISTRATOR)
    invited = open_staff_account(session, SYSTEM, assessor(Role.ADMINISTRATOR))
    with pytest.raises(Conflict):
        change_roles(session, admin.actor, admin.id, roles("auditor"))
    with pytest.raises(Conflict):
        deactivate_account(session, admin.actor, admin.id, None)
    deactivate_account(session, admin.actor, invited.id, None)


def test_a_deactivated_account_loses_its_sessions_and_cannot_sign_in(session: Session) -> None:
    account = staff(session, Role.ASSESSOR)
    opened = open_browser_session(session, account)
    deactivate_account(session, SYSTEM, account.id, None)
    session.expire_all()
    assert renew_browser_session(session, opened.secret) is None
    assert sign_in_account(session, Credentials(email=account.email, password=PASSWORD), Visitor("home")) is None
    assert told(session, "account_changed")[0]["active"] is False


def test_an_account_is_deactivated_and_reactivated_once(session: Session) -> None:
    account = staff(session, Role.ASSESSOR)
    with pytest.raises(Conflict):
        reactivate_account(session, SYSTEM, account.id, None)
    deactivate_account(session, SYSTEM, account.id, None)
    with pytest.raises(Conflict):
        deactivate_account(session, SYSTEM, account.id, None)


def test_one_changes_ones_own_name_and_language(session: Session) -> None:
    account = applicant(session)
    change_profile(session, account.actor, ChangeProfile(name="Siti Nur (contoh)", language="en"))
    assert told(session, "account_changed")[0]["name"] == "Siti Nur (contoh)"
    assert noted(session)[-1][0] == "account:change-profile"


def test_staff_do_not_rename_themselves(session: Session) -> None:
    """This failure mode means an officer who signs as another one for an hour, and the log that believes it (R26)."""
    officer = staff(session, Role.HEAD_OF_STANDARDS)
    change_profile(session, officer.actor, ChangeProfile(name=officer.name, language="en"))
    with pytest.raises(Conflict) as refusal:
        change_profile(session, officer.actor, ChangeProfile(name="Ketua (contoh)", language="en"))
    assert set(refusal.value.fields) == {"name"}


def test_an_administrator_renames_others_and_not_the_own_account(session: Session) -> None:
    officer = staff(session, Role.HEAD_OF_STANDARDS, Role.ADMINISTRATOR)
    before = officer.name
    rename_account(session, SYSTEM, officer.id, RenameAccount(name="Nama\u200b Baru (contoh)"))
    assert officer.name == "Nama Baru (contoh)"
    noted_act = session.scalars(select(AuditRow).order_by(AuditRow.position.desc())).first()
    assert noted_act is not None
    assert (noted_act.action, noted_act.before, noted_act.after) == (
        "account:rename", {"name": before}, {"name": "Nama Baru (contoh)"}
    )  # fmt: skip
    with pytest.raises(Conflict):
        rename_account(session, officer.actor, officer.id, RenameAccount(name="Ketua (contoh)"))


def test_the_first_administrator_is_made_once_and_sets_the_own_password(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOMPETEN_ADMIN_EMAIL", "Pertama@contoh.test")
    settings.cache_clear()
    (made,) = open_missing_accounts(session)
    assert made.roles == {Role.ADMINISTRATOR}
    assert open_missing_accounts(session) == []
    key = make_invitation(session, "pertama@contoh.test").address.partition("key=")[2]
    reset_password(session, ResetPassword(key=key, new=PASSWORD))
    given = Credentials(email="pertama@contoh.test", password=PASSWORD)
    assert sign_in_account(session, given, Visitor("home")) is made
    with pytest.raises(Conflict):
        make_invitation(session, "pertama@contoh.test")


def test_without_an_address_no_administrator_is_made(session: Session) -> None:
    assert open_missing_accounts(session) == []


def test_a_trial_system_has_demo_accounts_of_every_role_marked_as_samples(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOMPETEN_TRIAL", "true")
    monkeypatch.setenv("KOMPETEN_DEMO_PASSWORD", PASSWORD)
    settings.cache_clear()
    made = open_missing_accounts(session)
    assert {role for account in made for role in account.roles} == set(Role)
    assert len(made) == len(DEMO_ACCOUNTS)
    assert all("contoh" in account.name and account.email.endswith("@contoh.test") for account in made)
    assert open_missing_accounts(session) == []


@pytest.mark.parametrize("own", [True, False])
def test_what_is_left_of_a_trial_is_closed_where_it_is_none(
    session: Session, monkeypatch: pytest.MonkeyPatch, own: bool
) -> None:
    """Everybody is told the password of these accounts, of the administrator too where there is no other."""
    monkeypatch.setenv("KOMPETEN_TRIAL", "true")
    monkeypatch.setenv("KOMPETEN_DEMO_PASSWORD", PASSWORD)
    settings.cache_clear()
    made = open_missing_accounts(session)
    others = [staff(session, Role.ADMINISTRATOR, email="kepala@contoh.test")] if own else []
    assert close_demo_accounts(session) == []
    monkeypatch.setenv("KOMPETEN_TRIAL", "false")
    settings.cache_clear()
    assert set(close_demo_accounts(session)) == set(made)
    assert all(other.active for other in others)
    assert not any(account.active for account in made)


@pytest.mark.parametrize("missing", ["KOMPETEN_TRIAL", "KOMPETEN_DEMO_PASSWORD"])
def test_no_other_system_has_them(session: Session, monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    monkeypatch.setenv("KOMPETEN_TRIAL", "true")
    monkeypatch.setenv("KOMPETEN_DEMO_PASSWORD", PASSWORD)
    monkeypatch.delenv(missing)
    settings.cache_clear()
    assert open_missing_accounts(session) == []
