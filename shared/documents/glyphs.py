"""Which characters the bundled fonts can set. Found out at entry, so that no name is ever printed wrong."""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
PILED = re.compile(r"(?:^|(?<=[\s])|(?<=[\u0300-\u036f]{2}))[\u0300-\u036f]")
"""A mark with nothing to stand on, or the third over one letter: it would be set over its neighbours."""


@lru_cache(maxsize=1)
def covered_characters() -> frozenset[str]:
    """The characters every bundled font has, control and direction marks left out (hex ranges in `coverage.txt`)."""
    spans = (line.split("-") for line in (FONTS / "coverage.txt").read_text().split())
    return frozenset(chr(code) for first, last in spans for code in range(int(first, 16), int(last, 16) + 1))


def find_unprintable(text: str, *, also: str = "") -> list[str]:
    """The characters of `text` that cannot be printed, each once: those no bundled font has, and marks piled up.

    `also` names characters that are allowed beside those of the fonts.

    The text is looked at in composed form (NFC), as it is printed.
    """
    composed, allowed = unicodedata.normalize("NFC", text), covered_characters() | frozenset(also)
    return list(dict.fromkeys([*(c for c in composed if c not in allowed), *PILED.findall(composed)]))


def name_characters(characters: list[str]) -> str:
    """The characters as a message names them: `漢 (U+6F22)`; invisible ones by their code alone."""
    return ", ".join(
        f"{c} (U+{ord(c):04X})" if c.isprintable() and not unicodedata.combining(c) else f"U+{ord(c):04X}"
        for c in characters
    )
