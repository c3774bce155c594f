"""The accounts a new installation begins with: its first administrator, and on a trial system people to try it with."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.registration.commands.accounts import (
    OpenStaffAccount,
    deactivate_account,
    open_staff_account,
    open_trial_account,
)
from services.registration.domain.accounts import AccountState
from services.registration.models.accounts import Account
from shared.errors import Conflict
from shared.persons import normalise_email
from shared.security.actor import SYSTEM
from shared.security.roles import Role
from shared.settings import settings


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One account of a trial system, marked "contoh" wherever its name is seen."""

    email: str
    name: str
    roles: tuple[Role, ...]


def _demo(mailbox: str, name: str, role: Role) -> DemoAccount:
    return DemoAccount(f"{mailbox}@contoh.test", f"{name} (contoh)", (role,))


DEMO_ACCOUNTS = (
    _demo("administrator", "Administrator", Role.ADMINISTRATOR),
    _demo("sekretariat", "Sekretariat", Role.SECRETARIAT),
    _demo("sekretariat2", "Sekretariat Kedua", Role.SECRETARIAT),
    _demo("asesor", "Asesor Pertama", Role.ASSESSOR),
    _demo("asesor2", "Asesor Kedua", Role.ASSESSOR),
    _demo("asesor3", "Asesor Ketiga", Role.ASSESSOR),
    _demo("ketua", "Ketua LSP", Role.CHAIR),
    _demo("umum", "Kepala Bagian Umum", Role.HEAD_OF_GENERAL_AFFAIRS),
    _demo("sertifikasi", "Kepala Bidang Sertifikasi", Role.HEAD_OF_CERTIFICATION),
    _demo("mutu", "Kepala Bidang Pengendali Mutu", Role.HEAD_OF_QUALITY_CONTROL),
    _demo("standardisasi", "Kepala Bidang Standardisasi", Role.HEAD_OF_STANDARDS),
    _demo("wakil", "Wakil Ketua Cadangan", Role.HEAD_OF_STANDARDS),
    _demo("pengaduan", "Petugas Pengaduan", Role.COMPLAINTS_OFFICER),
    _demo("auditor", "Auditor", Role.AUDITOR),
    _demo("asesi", "Asesi Pertama", Role.APPLICANT),
    _demo("asesi2", "Asesi Kedua", Role.APPLICANT),
)
"""Of every role at least one, and enough others that an appeal finds people who had no part in the case (R7, R10)."""


def list_missing_accounts(session: Session) -> list[OpenStaffAccount]:
    """Return the accounts the settings ask for that are not there yet.

    That is the first administrator, and on a trial system with a demo password those of `DEMO_ACCOUNTS`.
    """
    wanted = {account.email: account for account in [*_demo_accounts(), *_first_administrator()]}
    known = set(session.scalars(select(Account.email).where(Account.email.in_(wanted))))
    return [account for email, account in wanted.items() if email not in known]


def open_unless_made(session: Session, wanted: OpenStaffAccount, demo_hash: str | None) -> Account | None:
    """Open the account and return it; None when another replica, which may start at the same time, has made it.

    `demo_hash` is of the password that all demo accounts have, which is told to everybody. The administrator of the
    settings is invited: by mail, or with the link that `kompeten accounts invite` prints.
    """
    try:
        with session.begin_nested():
            if demo_hash is not None and wanted.email in {demo.email for demo in DEMO_ACCOUNTS}:
                return open_trial_account(session, wanted, demo_hash)
            return open_staff_account(session, SYSTEM, wanted)
    except Conflict:
        return None


def close_demo_accounts(session: Session) -> list[Account]:
    """Deactivate what is left of the demo's accounts where this is no trial: everybody knows their password.

    The administrator among them goes, though there be no other: whoever runs the system opens one with
    `kompeten accounts create`. Returns those that were active.
    """
    config = settings()
    if config.trial:
        return []
    closing = {demo.email for demo in DEMO_ACCOUNTS} - {config.admin_email.strip().lower()}
    left = select(Account).where(Account.email.in_(closing), Account.password_hash.is_not(None))
    found = list(session.scalars(left.where(Account.state == AccountState.ACTIVE)))
    for account in found:
        deactivate_account(session, SYSTEM, account.id, even_last=True)
    return found


def _first_administrator() -> list[OpenStaffAccount]:
    config = settings()
    if not config.admin_email:
        return []
    email = normalise_email(config.admin_email)
    return [OpenStaffAccount(name="Administrator", email=email, roles=[Role.ADMINISTRATOR])]


def _demo_accounts() -> list[OpenStaffAccount]:
    config = settings()
    if not config.trial or not config.demo_password:
        return []
    return [OpenStaffAccount(name=demo.name, email=demo.email, roles=list(demo.roles)) for demo in DEMO_ACCOUNTS]
