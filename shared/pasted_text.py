"""Text as it was meant, from text as it was pasted: the one normalising of all that people bring.

`tidy_text` is for what people write, and changes nothing that can be seen. `tidy_line` is for one line (a name, a
title), `tidy_code` for what is compared sign by sign (a number, a code, an address). The doors (`shared/web/entering`)
use them on every field; what has no door (a cell of a list, an argument of a command) is put in order where it is read.
ASCII without control marks is changed by none of them but for blanks at the ends: base64, signatures and secrets stay.
"""

import re
import unicodedata
from typing import Annotated

LOOK_ALIKES = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u0060\u00b4\u02b9\u02bb\u02bc\u02bd\u2032\u2035\uff07\ua78c", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u2036\uff02\u02ba", '"'),
        **dict.fromkeys(
            "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u207b\u2212\u2e3a\u2e3b\u30fc\ufe31\ufe58\ufe63\uff0d\u058a",
            "-",
        ),
    }
)
"""Marks that word processors and telephones put in the place of an apostrophe, a quotation mark and a hyphen."""
LINE_BREAKS = re.compile("\r\n?|[\u0085\u2028\u2029\v\f]")
JOINERS = "\u200c\u200d"
"""They are seen in what they join: Persian and Indic words, emoji of families."""
SELECTORS = re.compile("[\ufe00-\ufe0f\u20e3\u034f\u180b-\u180f\U000e0100-\U000e01ef]")
"""Marks that choose how a sign is drawn; those of a keycap make an emoji of a digit."""


class Reading:
    """How a door reads a text field: a mark on the field's type."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


AS_TYPED = Reading("AS_TYPED")
CODE = Reading("CODE")
TypedText = Annotated[str, AS_TYPED]
"""Text that no door changes: passwords, which have a rule of their own, and what is signed."""
Code = Annotated[str, CODE]
"""A number, code, key or address: read by `tidy_code`."""


def tidy_text(text: str) -> str:
    """Return free text composed (NFC), without marks that nobody sees, blanks of every kind as plain ones.

    Line breaks, dashes and quotation marks stay what they are.
    """
    if text.isascii() and text.isprintable():
        return text
    composed = unicodedata.normalize("NFC", LINE_BREAKS.sub("\n", text))
    return "".join(_plain_sign(composed, at) for at in range(len(composed)))


def tidy_line(text: str) -> str:
    """Return one line of text with single blanks, and look-alikes as the apostrophe, quotation mark and hyphen."""
    seen = "".join(sign for sign in tidy_text(text).translate(LOOK_ALIKES) if sign not in JOINERS)
    return " ".join(unicodedata.normalize("NFC", seen).split())


def tidy_name(text: str) -> str:
    """Return a name as `tidy_line` does, with letters of other widths and ligatures as the plain ones."""
    return tidy_line(unicodedata.normalize("NFKC", text.translate(LOOK_ALIKES)))


def tidy_code(text: str) -> str:
    """Return a number, code or address in plain signs: digits of every writing, letters of every width, one blank."""
    plain = SELECTORS.sub("", tidy_name(text))
    return plain if plain.isascii() else "".join(map(_plain_digit, plain))


def remove_grouping(code: str) -> str:
    """Return a number or code without what it may be grouped with or stand between: blanks, dots, dashes, brackets."""
    return re.sub(r"[^\w]|_", "", tidy_code(code))


def _plain_sign(text: str, at: int) -> str:
    sign = text[at]
    if sign in "\n\t" or sign.isprintable():
        return sign
    if sign in JOINERS:
        return sign if _is_joined(text, at) else ""
    return " " if unicodedata.category(sign) == "Zs" else _kept(sign)


def _kept(sign: str) -> str:
    """The sign, unless it is a control or formatting mark. NUL stays, to be refused: it is nobody's invisible mark."""
    return "" if unicodedata.category(sign) in ("Cc", "Cf") and sign != "\x00" else sign


def _is_joined(text: str, at: int) -> bool:
    """Whether a joiner stands between two signs of a writing that has them."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return before > "\u05ff" and after > "\u05ff" and before.isprintable() and after.isprintable()


def _plain_digit(sign: str) -> str:
    value = unicodedata.decimal(sign, None)
    return sign if value is None else str(value)
