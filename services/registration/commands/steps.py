"""What a sign-in still misses after the password: a code, or the second factor itself."""

from datetime import timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from services.registration.domain.accounts import is_staff
from services.registration.models.accounts import Account
from services.registration.models.factors import SecondFactor
from shared.errors import N_, Forbidden, NotSignedIn
from shared.settings import settings

UNFINISHED = timedelta(minutes=15)
"""How long one may take from the password to the second factor, enrolling it included."""
CODE_WRONG = N_("Kode tidak cocok atau sudah dipakai. Tunggu kode berikutnya di aplikasi Anda, lalu coba lagi.")


class Step(StrEnum):
    """What somebody is asked for after the password."""

    CODE = "code"
    ENROL = "enrol"


def find_missing_step(session: Session, account: Account) -> Step | None:
    """What is missing after the password: a code, or the second factor itself where staff need one; None: nothing."""
    if session.get(SecondFactor, account.id) is not None:
        return Step.CODE
    return Step.ENROL if settings().second_factor_required and is_staff(account.roles) else None


def make_code_refusal() -> NotSignedIn:
    """Return the refusal of a program that has given the right password and no right code."""
    return NotSignedIn("second-factor-needed", CODE_WRONG, fields={"code": CODE_WRONG})


def make_enrolment_refusal() -> Forbidden:
    """Return the refusal of staff who have no second factor yet where one is required."""
    return Forbidden("second-factor-missing", N_("Akun petugas memerlukan masuk dua langkah. Pasang dahulu."))
