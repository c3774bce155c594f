"""The second factor: one-time codes of an app (RFC 6238), recovery codes on paper, how fast any factor may be tried."""

import base64
import hmac
import re
import secrets
from datetime import datetime, timedelta
from enum import StrEnum

import pyotp

from shared.pasted_text import remove_grouping

SECONDS = 30
"""How long a code is shown; the one before and the one after count too, for clocks that differ (RFC 6238, 5.2)."""
SECRET_BYTES = 20
RECOVERY_CODES = 10
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without what is misread on paper: 0 and o, 1, i and l."""
RECOVERY_LENGTH = 12
"""59 bits: nobody guesses one, and none needs a slow hash."""
FREE_TRIES = 5
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
ISSUER_LENGTH = 40


class FactorChange(StrEnum):
    """What became of somebody's second factor."""

    ENROLLED = "enrolled"
    RESET = "reset"
    RECOVERY_USED = "recovery_used"
    CODES_RENEWED = "codes_renewed"
    MOVED = "moved"
    APP_ADDED = "app_added"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    PASSKEY_CLONED = "passkey_cloned"


def make_secret(seed: bytes) -> str:
    """A secret for an app, base32, from 20 bytes that nobody can guess. Raises ValueError for fewer."""
    if len(seed) < SECRET_BYTES:
        raise ValueError("a secret needs 160 bits (RFC 4226, 4)")
    return base64.b32encode(seed[:SECRET_BYTES]).decode()


def is_secret(typed: str) -> bool:
    """Whether this has the form of a secret that `make_secret` made."""
    return re.fullmatch(r"[A-Z2-7]{32}", typed) is not None


def make_app_address(secret: str, email: str, issuer: str) -> str:
    """The `otpauth:` address an app takes the secret from, as a QR code or a link."""
    return pyotp.TOTP(secret, interval=SECONDS).provisioning_uri(name=email, issuer_name=issuer[:ISSUER_LENGTH])


def make_recovery_codes() -> list[str]:
    """New codes to keep on paper, in groups of four."""
    return [_grouped("".join(secrets.choice(ALPHABET) for _ in range(RECOVERY_LENGTH))) for _ in range(RECOVERY_CODES)]


def normalise_code(typed: str) -> str:
    """What was typed without spaces and dashes, in small letters."""
    return remove_grouping(typed).lower()


def find_step(secret: str, code: str, now: datetime, last_step: int | None) -> int | None:
    """The 30-second step whose code this is; None for a wrong one, and for one that was used (RFC 6238, 5.2)."""
    totp, current = pyotp.TOTP(secret, interval=SECONDS), int(now.timestamp()) // SECONDS
    for step in (current - 1, current, current + 1):
        right = totp.generate_otp(step)
        if hmac.compare_digest(right.encode(), code.encode()) and (last_step is None or step > last_step):
            return step
    return None


def find_pause(failures: int) -> timedelta:
    """How long nobody may try again after so many wrong ones in a row: doubling from the fifth, an hour at most.

    Only who knows the password can try: a stranger cannot bring the pause about. At its longest there are 24 tries a
    day, each right with a chance of three in a million.
    """
    if failures < FREE_TRIES:
        return timedelta(0)
    return min(LONGEST_PAUSE, FIRST_PAUSE * (1 << min(failures - FREE_TRIES, 10)))


def _grouped(code: str) -> str:
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
