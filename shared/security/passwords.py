"""Passwords: what is accepted, and how they are kept (Argon2id).

Hashing is slow on purpose and runs off the event loop, or the heartbeats of the broker would starve. It is never done
inside a transaction (a storm of sign-ins would hold every connection), and no more at once than there are processors.
"""

import os
import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files
from threading import BoundedSemaphore
from typing import ParamSpec, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from shared.errors import N_, Invalid, Unavailable
from shared.runtime.offload import offload

SHORTEST = 10
LONGEST = 200
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""19 MiB, two passes: the least that OWASP accepts, so that many may sign in at once on a small machine."""
HASHES_AT_ONCE = len(os.sched_getaffinity(0))
"""More would take more memory (19 MiB each) and finish no sooner."""
PATIENCE_SECONDS = 10.0
"""How long one waits for a turn; at 20 ms a hash that is a queue of some hundreds."""
COMMON = frozenset(files("shared.security").joinpath("common_passwords.txt").read_text().split())
"""Those of ten and more characters that are tried first, here and elsewhere."""


P = ParamSpec("P")
R = TypeVar("R")
_turns = BoundedSemaphore(HASHES_AT_ONCE)


class TooManyHashes(Unavailable):
    """So many passwords are being compared that this one got no turn in time."""


def check_password(password: str, *, email: str, name: str, field: str = "password") -> None:
    """Raise Invalid on `field` for a password that others would guess first: common, short, or from name or address."""
    problem = _problem(password, email.casefold(), name.casefold())
    if problem:
        raise Invalid("password-weak", problem, fields={field: problem})


def hash_password(password: str) -> str:
    """The Argon2id hash with its parameters inside; takes some 20 ms, off the event loop. Raises TooManyHashes."""
    return _in_turn(HASHER.hash, normal_password(password))


def hash_new_password(password: str, *, email: str, name: str, field: str = "password") -> str:
    """The hash of a password somebody chose. Raises Invalid on `field` for a weak one, and TooManyHashes."""
    check_password(password, email=email, name=name, field=field)
    return hash_password(password)


def password_fits(hashed: str | None, password: str) -> bool:
    """Whether `password` is the one; without a hash to compare with it takes as long and says no.

    The same time for an unknown address tells a stranger nothing about who has an account. Raises TooManyHashes.
    """
    fits = _in_turn(_verify, hashed or _nobodys_hash(), normal_password(password))
    return fits and hashed is not None


def needs_new_hash(hashed: str) -> bool:
    """Whether the hash was made with older parameters."""
    return HASHER.check_needs_rehash(hashed)


def normal_password(password: str) -> str:
    """One form for what may be typed in several ways: NFKC, as NIST SP 800-63B asks, and no spaces at the ends."""
    return unicodedata.normalize("NFKC", password.strip())


def _in_turn(fn: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    if not _turns.acquire(timeout=PATIENCE_SECONDS):
        raise TooManyHashes("no processor was free for a password in time")
    try:
        return offload(fn, *args, **kwargs)
    finally:
        _turns.release()


def _verify(hashed: str, password: str) -> bool:
    try:
        return HASHER.verify(hashed, password)
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return HASHER.hash("a password that nobody has")


def _problem(password: str, email: str, name: str) -> str:
    folded = normal_password(password).casefold()
    bare = re.sub(r"\s", "", folded)
    personal = {email, email.partition("@")[0], name, re.sub(r"\s", "", name)}
    if len(password.strip()) < SHORTEST:
        return N_("Kata sandi paling sedikit 10 karakter.")
    if len(password) > LONGEST:
        return N_("Kata sandi paling banyak 200 karakter.")
    if folded in personal or bare in personal:
        return N_("Kata sandi tidak boleh sama dengan nama atau alamat surel Anda.")
    if bare in COMMON or len(set(bare)) < 4:
        return N_("Kata sandi itu terlalu mudah ditebak; pilih yang lain, misalnya empat kata acak.")
    return ""
