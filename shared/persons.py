"""What a person is called and where one is reached: one check for each datum, used at every door it comes in by."""

import re
import unicodedata

from email_validator import EmailNotValidError, validate_email

from shared.errors import N_, Invalid
from shared.visible import FILLERS, has_crowded_marks

LONGEST_NAME = 120
LOOK_ALIKES = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u0060\u00b4\u02b9\u02bb\u02bc\u02bd\u2032\u2035\uff07", "'"),
        **dict.fromkeys("\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-"),
    }
)
"""Marks that word processors and telephones put in the place of an apostrophe and a hyphen."""
PHONE = re.compile(r"\+?[0-9][0-9 ()-]{6,18}[0-9]")

NAME_MISSING = N_("Isi nama lengkap seperti tertulis pada ijazah.")
NAME_LONG = N_("Nama paling panjang 120 karakter.")
NAME_SIGNS = N_("Nama hanya memuat huruf, spasi, titik, koma, apostrof, kurung, dan tanda hubung.")
PHONE_WRONG = N_("Tulis nomor telepon dengan angka, misalnya 081200000001.")
EMAIL_WRONG = N_("Isi dengan alamat surel yang lengkap, misalnya nama@contoh.test.")


def tidy_text(text: str) -> str:
    """A pasted line as it was meant: composed, no invisible marks, and look-alikes as the apostrophe and the hyphen."""
    if text.isascii():
        return text.replace("`", "'")
    plain = unicodedata.normalize("NFC", text).translate(LOOK_ALIKES)
    return "".join(letter for letter in plain if unicodedata.category(letter) != "Cf")


def write_in_capitals(name: str) -> str:
    """Return the name in block capitals with one space between words, as FR-APL-01 wants it (domain handbook 3.2)."""
    return " ".join(unicodedata.normalize("NFC", tidy_text(name).upper()).split())


def check_person_name(name: str, field: str = "name") -> str:
    """Return the name with its spaces and signs put in order, in the case it was given.

    Raises Invalid on `field` for what is no name: no letter, more than 120 characters, signs that no name has.
    """
    ordered = " ".join(tidy_text(name).split())
    if not any(character.isalpha() for character in ordered):
        raise _invalid("name-invalid", NAME_MISSING, field)
    if len(ordered) > LONGEST_NAME:
        raise _invalid("name-invalid", NAME_LONG, field)
    if has_crowded_marks(ordered) or not all(_in_a_name(character) for character in ordered):
        raise _invalid("name-invalid", NAME_SIGNS, field)
    return ordered


def is_same_name(one: str, other: str) -> bool:
    """Whether two ways to write a name mean the same one: capitals, spaces and look-alikes make no difference."""
    return bool(one.strip()) and write_in_capitals(one) == write_in_capitals(other)


def check_phone(typed: str, field: str = "phone") -> str:
    """Return a telephone number with its signs put in order. Raises Invalid on `field` for what is none."""
    ordered = " ".join(tidy_text(typed).split())
    if not PHONE.fullmatch(ordered):
        raise _invalid("phone-invalid", PHONE_WRONG, field)
    return ordered


def normalise_email(typed: str, field: str = "email") -> str:
    """Return the address in small letters. Raises Invalid for one that no mail server could deliver to."""
    try:
        given = tidy_text(typed).strip()
        checked = validate_email(given, check_deliverability=False, allow_smtputf8=False, test_environment=True)
    except EmailNotValidError as error:
        raise _invalid("email-invalid", EMAIL_WRONG, field) from error
    return checked.normalized.lower()


def _in_a_name(character: str) -> bool:
    return character in " .,'-()" or (unicodedata.category(character)[0] in "LM" and character not in FILLERS)


def _invalid(code: str, problem: str, field: str) -> Invalid:
    return Invalid(code, problem, fields={field: problem})
