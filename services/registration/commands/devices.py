"""Known browsers: whoever has signed in with one is not kept out of it by what strangers try elsewhere.

After OWASP's "device cookies". A device key says that its browser has signed in with an address, nothing more: it opens
no door, but its tries are counted apart from everybody else's. It names nobody, and a computer that several people
share keeps several.
"""

import hmac
import secrets
from collections.abc import Sequence

from shared.security.encryption import blind_index

MOST_DEVICE_KEYS = 5
"""Of one browser; the oldest is forgotten first."""
PROOF_DIGITS = 32


def make_device_key(email: str) -> str:
    """A new device key for the address one signs in with: a random part and its proof, with a point between."""
    random = secrets.token_urlsafe(12)
    return f"{random}.{_prove(email, random)}"


def find_device_key(email: str, keys: Sequence[str]) -> str | None:
    """The one of `keys` that was made for this address; None where there is none."""
    for key in keys[:MOST_DEVICE_KEYS]:
        random, _, proof = key.partition(".")
        if hmac.compare_digest(proof.encode(), _prove(email, random).encode()):
            return key
    return None


def add_device_key(email: str, keys: Sequence[str]) -> tuple[str, ...]:
    """`keys` with one for this address at their head: the one that is among them already, or a new one."""
    mine = find_device_key(email, keys) or make_device_key(email)
    return (mine, *[key for key in keys if key != mine])[:MOST_DEVICE_KEYS]


def _prove(email: str, random: str) -> str:
    return blind_index(f"{email}\0{random}", "known device")[:PROOF_DIGITS]
