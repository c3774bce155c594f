"""Whether a text says anything to who reads it: marks that nobody sees count for nothing."""

import unicodedata

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

FILLERS = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters by Unicode's tables that are drawn as nothing."""
MARKS = 4
"""Combining marks on one letter at most: Vietnamese and Arabic need two, and a hundred cover the lines around."""


def count_visible(text: str) -> int:
    """How many letters, digits and signs of `text` can be seen; spaces, marks and formatting are none."""
    return sum(character not in FILLERS and unicodedata.category(character)[0] in "LNPS" for character in text)


def has_crowded_marks(text: str) -> bool:
    """Whether some letter bears more combining marks than any writing puts on one."""
    run = 0
    for character in unicodedata.normalize("NFD", text):
        run = run + 1 if unicodedata.category(character)[0] == "M" else 0
        if run > MARKS:
            return True
    return False


def require_visible(least: int = 1) -> AfterValidator:
    """A check for a field that must say something: `least` visible characters, else the refusal of a short text."""

    def check(text: str) -> str:
        if count_visible(text) < least:
            raise PydanticCustomError("string_too_short", "too few visible characters", {"min_length": least})
        return text

    return AfterValidator(check)
