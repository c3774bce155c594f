"""Passwords: what is accepted, and how they are kept (Argon2id).

Hashing is slow on purpose and runs off the event loop, or the heartbeats of the broker would starve. It is never done
inside a transaction (a storm of sign-ins would hold every connection), and no more at once than there are processors.
Strangers queue among themselves before they queue with everybody: a storm of them keeps no known browser waiting.
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
from shared.security.breached import FEWEST_SIGNS, SHORTEST, fold_password, is_breached

LONGEST = 200
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""19 MiB, two passes: the least that OWASP accepts, so that many may sign in at once on a small machine."""
HASHES_AT_ONCE = len(os.sched_getaffinity(0))
"""More would take more memory (19 MiB each) and finish no sooner."""
PATIENCE_SECONDS = 10.0
"""How long one waits for a turn; at 20 ms a hash that is a queue of some hundreds."""
STRANGERS_AT_ONCE = max(1, HASHES_AT_ONCE // 2)
"""How many turns strangers have together: so many may stand before somebody who is known."""
STRANGERS_WAITING = 200
"""How many strangers wait for one of these at most; the next is told to come again."""
LEAST_OF_ONES_OWN = 5
"""How many letters and digits a password has beside what others know of its owner."""
SHORTEST_WORD = 4
COMMON = frozenset(files("shared.security").joinpath("common_passwords.txt").read_text().split())
"""Those of ten and more characters that are tried first, here and elsewhere."""


P = ParamSpec("P")
R = TypeVar("R")
_turns = BoundedSemaphore(HASHES_AT_ONCE)
_strangers = BoundedSemaphore(STRANGERS_AT_ONCE)
_places = BoundedSemaphore(STRANGERS_AT_ONCE + STRANGERS_WAITING)


class TooManyHashes(Unavailable):
    """So many passwords are being compared that this one got no turn in time."""


def check_password(password: str, *, email: str, name: str, field: str = "password") -> None:
    """Raise Invalid on `field` for a password that others would guess first, and say there why.

    Refused are short and very long ones, common ones, those that were stolen somewhere, and those with little in them
    besides name, address or the name of this system.
    """
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


def password_fits(hashed: str | None, password: str, *, stranger: bool = False) -> bool:
    """Whether `password` is the one; without a hash to compare with it takes as long and says no.

    The same time for an unknown address tells a stranger nothing about who has an account. `stranger` is whoever has
    shown nothing yet, neither a session nor a known browser. Raises TooManyHashes.
    """
    compared = hashed or _nobodys_hash()
    typed = normal_password(password)
    fits = _in_strangers_turn(_verify, compared, typed) if stranger else _in_turn(_verify, compared, typed)
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


def _in_strangers_turn(fn: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Hash for one of many whom nobody knows: they have some of the turns, and so many places to wait in."""
    if not _places.acquire(blocking=False):
        raise TooManyHashes("as many strangers as may wait do wait already")
    try:
        if not _strangers.acquire(timeout=PATIENCE_SECONDS):
            raise TooManyHashes("no turn of strangers was free in time")
        try:
            return _in_turn(fn, *args, **kwargs)
        finally:
            _strangers.release()
    finally:
        _places.release()


def _verify(hashed: str, password: str) -> bool:
    try:
        return HASHER.verify(hashed, password)
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return HASHER.hash("a password that nobody has")


def _problem(password: str, email: str, name: str) -> str:
    bare = fold_password(password)
    if len(password.strip()) < SHORTEST:
        return N_("Kata sandi paling sedikit 10 karakter.")
    if len(password) > LONGEST:
        return N_("Kata sandi paling banyak 200 karakter.")
    if bare in COMMON or len(set(bare)) < FEWEST_SIGNS:
        return N_("Kata sandi itu terlalu mudah ditebak; pilih yang lain, misalnya empat kata acak.")
    if is_breached(bare):
        return N_("Kata sandi itu ada dalam daftar kata sandi yang pernah bocor; pilih yang lain.")
    if len(_without(bare, _list_known_words(email, name))) < LEAST_OF_ONES_OWN:
        return N_("Kata sandi itu hanya nama atau alamat surel Anda, atau kata Kompeten, dengan sedikit tambahan.")
    return ""


def _list_known_words(email: str, name: str) -> list[str]:
    """What others know of this account, the longest first: they try it with a year or a number behind it."""
    mailbox, _, host = email.partition("@")
    whole = [email, mailbox, host.partition(".")[0], name, "kompeten"]
    parts = [part for one in (mailbox, name) for part in re.split(r"[\W_]+", one)]
    words = {fold_password(word) for word in (*whole, *parts)}
    return sorted((word for word in words if len(word) >= SHORTEST_WORD), key=len, reverse=True)


def _without(bare: str, words: list[str]) -> str:
    for word in words:
        bare = bare.replace(word, "")
    return re.sub(r"[\W_]", "", bare)
