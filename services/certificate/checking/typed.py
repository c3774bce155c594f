"""Number, code and token of a sheet as people type, paste and scan them, read alike at every door.

What has not the form of one is incomplete, never "not genuine" (domain handbook 10): nothing is looked up for it, and
no guess is counted.
"""

import re
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from services.certificate.domain.numbers import remove_label, space_number
from services.certificate.domain.versions import CODE_LETTERS
from shared.errors import N_, Invalid
from shared.pasted_text import remove_grouping, tidy_code

TOKEN_LETTERS = 26
TOKEN = re.compile(rf"[a-z2-7]{{{TOKEN_LETTERS}}}")
CODE = re.compile(rf"[a-z2-7]{{{2 * CODE_LETTERS}}}")
MISREAD = str.maketrans("01", "ol")
"""Digits that no code has, and the letters they are taken for."""
SCHEME = re.compile(r"https?://", re.I)
TIMES_ENCODED = 2
"""An address may have been written as part of another one."""

INCOMPLETE = N_("Isian belum lengkap. Ini bukan putusan tentang sertifikatnya; lengkapi lalu periksa lagi.")
NUMBER_INCOMPLETE = N_("Nomor sertifikat terdiri atas 20 sampai 22 angka; yang terbaca {digits}. Salin seluruhnya.")
CODE_INCOMPLETE = N_(
    "Kode periksa terdiri atas 10 huruf dan angka, misalnya abcde-fghij; yang terbaca {letters}. Salin seluruhnya."
)
TOKEN_INCOMPLETE = N_(
    "Kode pemeriksaan di ujung alamat terdiri atas 26 huruf dan angka; yang terbaca {signs}. "
    "Tempel seluruh isi kode QR atau alamatnya."
)


class Pair(NamedTuple):
    """A number as it is printed and its check code, both of the right form."""

    number: str
    code: str


class Address(NamedTuple):
    """A check token, and the site whose address it ended; empty where the token stood alone."""

    token: str
    site: str


def read_pair(number: str, code: str) -> Pair:
    """Return number and code as they are printed. Raises Invalid, on each that has not the form, saying what misses."""
    spaced, given = space_number(number), remove_label(code).lower().translate(MISREAD)
    wrong = {} if spaced else {"number": NUMBER_INCOMPLETE}
    if not CODE.fullmatch(given):
        wrong["code"] = CODE_INCOMPLETE
    if wrong:
        digits = sum(sign.isdigit() for sign in remove_label(number))
        raise Invalid("check-incomplete", INCOMPLETE, fields=wrong, digits=digits, letters=len(given))
    return Pair(spaced, given)


def read_token(typed: str, field: str = "token") -> str:
    """Return the check token that was typed, or that ends an address. Raises Invalid on `field` for what has none."""
    return read_address(typed, field).token


def read_address(typed: str, field: str = "text") -> Address:
    """Return the token and the site of an address, or of a token alone. Raises Invalid on `field` for what has none."""
    meant = tidy_code(typed)
    for _ in range(TIMES_ENCODED):
        meant = tidy_code(unquote(meant))
    begin = SCHEME.search(meant)
    meant = meant[begin.start() :] if begin else meant
    # An address may be broken by lines, or stand within a sentence.
    tries = [_split_address(meant.replace(" ", "")), *(_split_address(word) for word in meant.split(" "))]
    found = next((one for one in tries if TOKEN.fullmatch(one.token)), None)
    if found is None:
        signs = len(tries[0].token)
        raise Invalid("check-incomplete", INCOMPLETE, fields={field: TOKEN_INCOMPLETE}, signs=signs)
    return found


def name_site(address: str) -> str:
    """The host of an address as `read_address` gives it, without the port that its scheme has anyway."""
    parts = urlsplit(address if SCHEME.match(address) else f"//{address}")
    host = parts.netloc.lower().rpartition("@")[2].rstrip(".")
    return re.sub(r":(80|443)$", "", host).rstrip(".")


def _split_address(text: str) -> Address:
    """The token and the site where there are any; the text need have no scheme."""
    if "/" not in text.strip("/"):
        return Address(_plain_token(text), "")
    try:
        site = name_site(text)
        path = urlsplit(text if SCHEME.match(text) else f"//{text}").path
    except ValueError:
        return Address("", "")
    steps = [step for step in path.split("/") if remove_grouping(step)]
    at = next((place for place, step in enumerate(steps) if step.lower() == "check"), len(steps) - 2)
    return Address(_plain_token(steps[at + 1]) if 0 <= at + 1 < len(steps) else "", site)


def _plain_token(text: str) -> str:
    return remove_grouping(text).lower().translate(MISREAD)
