"""Known browsers: whoever has signed in with one is not kept out of it by what strangers try elsewhere.

After OWASP's "device cookies". A device key says that its browser has signed in with an address, nothing more: it opens
no door, but its tries are counted apart from everybody else's. It names nobody, and a computer that several people
share keeps several. It ends after a year, and all known browsers of an address together have tries that end, too
(`tries.py`): whoever once signed in with a stolen password does not guess the next one for ever.
"""

import hmac
import re
import secrets
from collections.abc import Sequence

from services.registration.encrypted_kinds import DEVICE
from shared.clock import real_now
from shared.security.encryption import blind_index, list_blind_indexes

MOST_DEVICE_KEYS = 5
"""Of one browser; the oldest is forgotten first."""
PROOF_DIGITS = 32
KEY_DAYS = 365
DAY = re.compile(r"([0-9a-f]{1,6})\.")
RENEW_DAYS = 30
"""Who signs in with an older key gets a new one."""


def make_device_key(email: str) -> str:
    """A new device key for the address one signs in with: day, random part and proof, with points between."""
    random = f"{_today():x}.{secrets.token_urlsafe(12)}"
    return f"{random}.{_prove(email, random)}"


def find_device_key(email: str, keys: Sequence[str]) -> str | None:
    """The one of `keys` that was made for this address within a year; None where there is none."""
    for key in keys[:MOST_DEVICE_KEYS]:
        random, _, proof = key.rpartition(".")
        if not 0 <= _find_age(random) < KEY_DAYS:
            continue
        proofs = list_blind_indexes(DEVICE, f"{email}\0{random}", "known device")
        if any(hmac.compare_digest(proof.encode(), one[:PROOF_DIGITS].encode()) for one in proofs):
            return key
    return None


def add_device_key(email: str, keys: Sequence[str]) -> tuple[str, ...]:
    """`keys` with one for this address at their head: the one among them unless that is old, else a new one."""
    had = find_device_key(email, keys)
    mine = had if had and _find_age(had) < RENEW_DAYS else make_device_key(email)
    return (mine, *[key for key in keys if key not in (mine, had)])[:MOST_DEVICE_KEYS]


def _today() -> int:
    return int(real_now().timestamp()) // (24 * 3600)


def _find_age(key: str) -> int:
    """Days since a key, or its random part, was made; negative where it does not say."""
    day = DAY.match(key)
    return _today() - int(day[1], 16) if day else -1


def _prove(email: str, random: str) -> str:
    return blind_index(DEVICE, f"{email}\0{random}", "known device")[:PROOF_DIGITS]
