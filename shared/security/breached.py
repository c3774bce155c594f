"""Passwords that were stolen somewhere and are tried first everywhere (NIST SP 800-63B 5.1.1.2).

`breached_passwords.bin` holds the first 5 bytes of the SHA-256 of each, sorted: 111,062 of ten and more characters, in
the form `fold_password` gives them, from a list of SecLists. Whose it is, under which licence and what was changed
stands in `breached_passwords.LICENSE.txt`. A password that is not among them is taken for one with a chance of one in
ten millions.
"""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files

FILE = "breached_passwords.bin"
BYTES = 5
SHORTEST = 10
FEWEST_SIGNS = 4
"""Shorter ones and those of fewer different signs are refused without a list."""


def fold_password(password: str) -> str:
    """One form for what is tried as one: NFKC, small letters, no spaces."""
    return "".join(unicodedata.normalize("NFKC", password).casefold().split())


def is_breached(folded: str) -> bool:
    """Whether this password, in the form of `fold_password`, is on the list. Some microseconds."""
    marks, wanted = _load_marks(), _mark(folded)
    low, high = 0, len(marks) // BYTES
    while low < high:
        middle = (low + high) // 2
        if marks[middle * BYTES : (middle + 1) * BYTES] < wanted:
            low = middle + 1
        else:
            high = middle
    return marks[low * BYTES : (low + 1) * BYTES] == wanted


def pack_passwords(passwords: Iterable[str]) -> bytes:
    """The content of `breached_passwords.bin` for a list, one password a line (`scripts/pack-passwords`)."""
    folded = {fold_password(password) for password in passwords}
    kept = {_mark(one) for one in folded if len(one) >= SHORTEST and len(set(one)) >= FEWEST_SIGNS}
    return b"".join(sorted(kept))


def _mark(folded: str) -> bytes:
    return sha256(folded.encode()).digest()[:BYTES]


@lru_cache(maxsize=1)
def _load_marks() -> bytes:
    return files("shared.security").joinpath(FILE).read_bytes()
