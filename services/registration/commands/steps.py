"""What a sign-in still misses after the password: a code or passkey, or the second factor itself."""

from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from services.registration.domain.accounts import is_staff
from services.registration.models.accounts import Account
from services.registration.models.factors import Passkey, SecondFactor
from shared.errors import N_, Forbidden, Invalid, NotSignedIn
from shared.settings import settings

UNFINISHED = timedelta(minutes=15)
"""How long one may take from the password to the second factor, enrolling it included."""
CODE_WRONG = N_("Kode tidak cocok atau sudah dipakai. Periksa, atau pakai kode berikutnya, lalu coba lagi.")

PASSKEY_WRONG = N_("Kunci sandi itu tidak diterima. Coba lagi, atau pakai kode.")


class Step(StrEnum):
    """What somebody is asked for after the password."""

    CODE = "code"
    """Of the app or the paper, or a passkey in its place."""
    ENROL = "enrol"


def find_missing_step(session: Session, account: Account) -> Step | None:
    """What is missing after the password: to show the second factor, or to enrol one; None: nothing."""
    if has_second_factor(session, account.id):
        return Step.CODE
    return Step.ENROL if needs_second_factor(account) else None


def has_second_factor(session: Session, account_id: UUID) -> bool:
    """Whether the account's sign-ins want a second factor: an app's code, or a passkey."""
    owned = (exists().where(table.account_id == account_id) for table in (SecondFactor, Passkey))
    return bool(session.scalar(select(or_(*owned))))


def has_app(session: Session, account_id: UUID) -> bool:
    """Whether an app makes codes for the account."""
    return session.get(SecondFactor, account_id) is not None


def has_passkey(session: Session, account_id: UUID) -> bool:
    """Whether the account has a passkey."""
    return bool(session.scalar(select(exists().where(Passkey.account_id == account_id))))


def needs_second_factor(account: Account) -> bool:
    """Whether the account may not be without one."""
    return settings().second_factor_required and is_staff(account.roles)


def make_wrong_passkey_refusal() -> Invalid:
    """Return the refusal of a passkey that was made or shown and is not genuine, or not this account's."""
    return Invalid("passkey-refused", PASSKEY_WRONG)


def make_code_refusal() -> NotSignedIn:
    """Return the refusal of a program that has given the right password and no right code."""
    return NotSignedIn("second-factor-needed", CODE_WRONG, fields={"code": CODE_WRONG})


def make_wrong_code_refusal(field: str = "code", message: str = CODE_WRONG) -> Invalid:
    """Return the refusal of a wrong code in a form, beside its field."""
    return Invalid("second-factor-wrong", message, fields={field: message})


def make_enrolment_refusal() -> Forbidden:
    """Return the refusal of staff who have no second factor yet where one is required."""
    return Forbidden("second-factor-missing", N_("Akun petugas memerlukan masuk dua langkah. Pasang dahulu."))
