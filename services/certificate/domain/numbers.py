"""The number of a certificate as people type and paste it (domain handbook 5 and 10), read alike at every door."""

import re

from shared.pasted_text import remove_grouping, tidy_code

DIGITS = re.compile(r"([0-9]{5})([0-9]{4})([0-9])([0-9]{6,8})([0-9]{4})")
"""A certificate number without its spaces (domain handbook 5)."""
LABEL = re.compile(
    r"^\W*(?:no(?:mor)?(?:\W+(?:sertifikat|certificate))?|(?:certificate )?number"
    r"|kode(?: periksa)?|(?:check )?code)\W+",
    re.IGNORECASE,
)
"""What stands before a number or a code on a sheet, and is copied with it."""


def space_number(typed: str) -> str:
    """A certificate number as it is printed, from however it was typed; an empty text when it is none."""
    found = DIGITS.fullmatch(remove_label(typed))
    return " ".join(found.groups()) if found else ""


def remove_label(typed: str) -> str:
    """What was typed, without a leading "No." and without what it is grouped with or stands between."""
    return remove_grouping(LABEL.sub("", tidy_code(typed)))
