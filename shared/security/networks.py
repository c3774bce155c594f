"""Marks of networks: what counters and logs know of from where somebody comes."""

import hmac
import secrets
from functools import lru_cache
from hashlib import sha256

from shared.settings import settings


def mark_network(network: str) -> str:
    """`network` as counters and logs know it: 32 hex digits that are the same in every service.

    Keyed with the password of the store of limits (without one, with a secret of this process): whoever reads a
    counter or a line of the log does not learn who came (UU 27/2022).
    """
    return hmac.new(_mark_key(), network.encode(), sha256).hexdigest()[:32]


@lru_cache(maxsize=1)
def _mark_key() -> bytes:
    password = settings().secret(settings().limits_password_file)
    return sha256(f"kompeten networks\0{password}".encode()).digest() if password else secrets.token_bytes(32)
