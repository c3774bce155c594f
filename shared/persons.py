"""What a person is called and where one is reached: one check for each datum, used at every door it comes in by."""

import re
import unicodedata

from email_validator import EmailNotValidError, validate_email

from shared.errors import N_, Invalid
from shared.pasted_text import tidy_code, tidy_name
from shared.visible import FILLERS, has_crowded_marks

LONGEST_NAME = 120
BEFORE_EMAIL, AFTER_EMAIL = "<(\"' ", ">)\"' .,;:!?"
"""Signs that stand around an address that was copied with what surrounds it."""
PHONE = re.compile(r"\+?[0-9][0-9 ()-]{6,18}[0-9]")

NAME_MISSING = N_("Isi nama lengkap seperti tertulis pada ijazah.")
NAME_LONG = N_("Nama paling panjang 120 karakter.")
NAME_SIGNS = N_("Nama hanya memuat huruf, spasi, titik, koma, apostrof, kurung, dan tanda hubung.")
PHONE_WRONG = N_("Tulis nomor telepon dengan angka, misalnya 081200000001.")
EMAIL_WRONG = N_("Isi dengan alamat surel yang lengkap, misalnya nama@contoh.test.")


def write_in_capitals(name: str) -> str:
    """Return the name in block capitals with one space between words, as FR-APL-01 wants it (domain handbook 3.2)."""
    return " ".join(unicodedata.normalize("NFC", tidy_name(name).upper()).split())


def check_person_name(name: str, field: str = "name") -> str:
    """Return the name with its spaces and signs put in order, in the case it was given.

    Raises Invalid on `field` for what is no name: no letter, more than 120 characters, signs that no name has.
    """
    ordered = tidy_name(name)
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
    ordered = tidy_code(typed)
    if not PHONE.fullmatch(ordered):
        raise _invalid("phone-invalid", PHONE_WRONG, field)
    return ordered


def normalise_email(typed: str, field: str = "email") -> str:
    """Return the address in small letters, an international domain by its ASCII form: kept, looked up and mailed so.

    Signs it was pasted with (`<...>`, `mailto:`, a full stop behind it) are left out. Raises Invalid for one that no
    mail server could deliver to.
    """
    given = _unwrap_email(tidy_code(typed))
    try:
        checked = validate_email(given, check_deliverability=False, allow_smtputf8=False, test_environment=True)
    except EmailNotValidError as error:
        raise _invalid("email-invalid", EMAIL_WRONG, field) from error
    return (checked.ascii_email or checked.normalized).lower()


def fold_typed_email(typed: str) -> str:
    """Return an address as it is looked for: as `normalise_email`; what is none, which nobody has, in small letters."""
    try:
        return normalise_email(typed)
    except Invalid:
        return tidy_code(typed).lower()


def _unwrap_email(text: str) -> str:
    """The address without the signs around it and the `mailto:` of a copied link."""
    bare = text.strip(BEFORE_EMAIL)
    link = "mailto:"
    bare = bare[len(link) :] if bare.lower().startswith(link) else bare
    return bare.lstrip(BEFORE_EMAIL).rstrip(AFTER_EMAIL)


def _in_a_name(character: str) -> bool:
    return character in " .,'-()" or (unicodedata.category(character)[0] in "LM" and character not in FILLERS)


def _invalid(code: str, problem: str, field: str) -> Invalid:
    return Invalid(code, problem, fields={field: problem})
