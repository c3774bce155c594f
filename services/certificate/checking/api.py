"""The public check (R22; ISO/IEC 17024 7.1): nobody signs in, nothing can be listed, nothing sent here is kept."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from werkzeug import datastructures

from services.certificate.blueprints import api
from services.certificate.checking import verifying as copies
from services.certificate.checking.queries import checks as checking
from services.certificate.checking.queries.answers import CheckView
from services.certificate.checking.typed import Pair, read_pair
from shared import clock
from shared.credentials.did import Issuer
from shared.errors import N_, Invalid, NotFound
from shared.pasted_text import Code, TypedText, tidy_text
from shared.security.allowances import Allowance, find_allowances
from shared.web import FileStorage, limit_rate, public, reading
from shared.web.heavy import charging_heavy_files
from shared.web.limits import current_network, refusing_spent

CHECK_RATE = "60/minute"
COPY_RATE = "20/minute"
WRONG_CODES = "10/hour; 30/day"
"""Of one network for one number."""
WRONG_PAIRS = "100/hour"
"""Of one network in all.

Nothing is counted for all networks together: a stranger with many addresses would close the check for everybody, and
gains nothing without it. A code has 50 bits: at this rate a million networks need some 600 years for one certificate.
"""
SLOW_COPIES = "3/10 minutes"
"""Files of one network that took longer than a check may: few networks would keep all places busy otherwise."""
QUIET = {"X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer"}
"""Search engines keep nothing of it, and no page that it links to learns a token."""

TOO_LARGE = N_("Berkas terlalu besar. Sertifikat dan kredensial kami tidak lebih dari {mb} MB.")
TOO_MANY_PAIRS = N_(
    "Terlalu banyak pasangan nomor dan kode yang tidak cocok. Pindai kode QR pada sertifikat atau unggah berkasnya; "
    "atau coba lagi {minutes} menit {seconds} detik lagi."
)
EMPTY = N_("Pilih berkas PDF sertifikat atau kredensial JSON-nya.")

EXAMPLE: dict[str, Any] = {
    "standing": "valid",
    "genuine": True,
    "holds": True,
    "title": {"id": "Berlaku", "en": "Valid"},
    "summary": {"id": "Sertifikat ini berlaku.", "en": "This certificate is valid."},
    "checks": [
        {
            "check": "status",
            "passed": True,
            "said": {
                "id": "Tercatat dalam register; tidak ditangguhkan dan tidak dicabut.",
                "en": "In the register; neither suspended nor withdrawn.",
            },
        },
        {
            "check": "dates",
            "passed": True,
            "said": {
                "id": "Berlaku dari 21 November 2026 sampai 21 November 2029.",
                "en": "Valid from 21 November 2026 to 21 November 2029.",
            },
        },
    ],
    "certificate": {
        "number": "91011 2622 4 000001 2026",
        "holder_name": "SITI AMINAH (CONTOH)",
        "scheme": {"id": "Layanan Dasar Perpustakaan", "en": "Basic Library Services"},
        "issuer": {"id": "LSP Pustakawan (contoh)", "en": "Librarian Certification Body (sample)"},
        "status": "valid",
        "status_since": "2026-11-21",
        "issued_on": "2026-11-21",
        "expires_on": "2029-11-21",
        "suspended_until": None,
        "version": 1,
        "superseded": False,
        "check_url": "https://lsp.example/certificate/check/abcdefghijklmnopqrstuvwxyz",
        "units": [],
    },
    "checked_at": "2026-11-22T02:30:00Z",
}
ANSWER = {
    "description": "The answer. `checks` names what was performed, and ends with the first that failed.",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/CheckView"}, "example": EXAMPLE}},
}


class ByToken(BaseModel):
    """A check by the token alone, which stands in the QR code."""

    token: Code = Field(max_length=100, description="Check token, from the QR code.")


class ByNumber(BaseModel):
    """A check by the two things that stand beside each other on the sheet: number and check code."""

    model_config = ConfigDict(
        str_strip_whitespace=True,
        json_schema_extra={"examples": [{"number": "91011 2622 4 000001 2026", "code": "abcde-fghij"}]},
    )

    number: Code = Field(min_length=1, max_length=60, description="Certificate number; spaces don't matter.")
    code: Code = Field(min_length=1, max_length=30, description="Check code (Kode periksa), as printed.")


class Pasted(BaseModel):
    """A check by what somebody pasted from a QR code or a credential."""

    model_config = ConfigDict(
        str_strip_whitespace=True,
        json_schema_extra={"examples": [{"text": "https://lsp.example/certificate/check/abcdefghijklmnopqrstuvwxyz"}]},
    )

    text: TypedText = Field(
        min_length=1,
        max_length=20_000,
        description="What a QR code says (`<address>#<payload>`), its address alone, or a JSON credential.",
    )


class Uploaded(BaseModel):
    """A check by a file."""

    file: FileStorage = Field(description="The certificate (PDF), or its credential (JSON).")


Answer = tuple[CheckView, int, dict[str, str]]


@api.get("/check/<string:token>", responses={200: CheckView})
@public
@limit_rate(CHECK_RATE, methods=("GET",))
def get_check(path: ByToken) -> Answer:
    """Whether a certificate holds today, by the token in its QR code: the register's status and dates."""
    with reading() as session:
        return checking.check_by_token(session, path.token), 200, QUIET


@api.post("/check/number", responses={200: ANSWER})
@public
@limit_rate(CHECK_RATE)
def post_check_number(body: ByNumber) -> Answer:
    """Whether a certificate holds today, by its number and check code: either alone is never answered."""
    return answer_number(body), 200, QUIET


@api.post("/check/text", responses={200: ANSWER})
@public
@limit_rate(COPY_RATE)
def post_check_text(body: Pasted) -> Answer:
    """Whether a certificate holds today, by the text of its QR code; all five checks, if it is signed."""
    return answer_text(body), 200, QUIET


@api.post("/check/file", responses={200: ANSWER})
@public
@limit_rate(COPY_RATE)
def post_check_file(form: Uploaded) -> Answer:
    """All five checks on a file: the PDF as it was issued, or the JSON credential. It is not kept."""
    return answer_file(form.file), 200, QUIET


def answer_number(given: ByNumber) -> CheckView:
    """Return what the register says of a number with its check code.

    Raises NotFound for a pair that does not belong together, TooMany after too many of those, Invalid for what has not
    the form of a pair, which is no guess.
    """
    pair = read_pair(given.number, given.code)
    taken = _list_guesses(pair)
    with refusing_spent(TOO_MANY_PAIRS):
        find_allowances().take(*taken)
    was_wrong = False
    try:
        with reading() as session:
            found = checking.check_by_number(session, pair)
        was_wrong = found is None
    finally:
        if not was_wrong:
            find_allowances().give_back(*taken)
    if found is None:
        raise NotFound("certificate-wrong-pair", checking.WRONG_PAIR)
    return found


def _list_guesses(pair: Pair) -> tuple[Allowance, ...]:
    network, number = current_network(), pair.number.replace(" ", "")
    return Allowance("wrong codes", WRONG_CODES, (network, number)), Allowance("wrong pairs", WRONG_PAIRS, (network,))


def answer_text(given: Pasted) -> CheckView:
    """Return what the register says of a pasted text: an address, a token, a QR code's payload or a credential.

    Raises NotFound for an address with an unknown token, Invalid for what is no address of ours at all.
    """
    meant = tidy_text(given.text).strip()
    if "#" in meant or meant.startswith("{"):
        # What is signed is looked at as it came: a mark inside it may be part of a name.
        begin = given.text.find(meant[0])
        return _of_copy(given.text[begin:].strip().encode())
    with reading() as session:
        return checking.check_by_address(session, given.text)


def answer_file(file: datastructures.FileStorage | None) -> CheckView:
    """Return what a file is worth: its signature checked, then the register asked.

    Raises Invalid for a file that is missing, empty or too large, TooMany while too many are being looked at.
    """
    data = file.stream.read(copies.MOST_BYTES + 1) if file else b""
    if not data:
        raise Invalid("check-no-file", EMPTY, fields={"file": EMPTY})
    if len(data) > copies.MOST_BYTES:
        mb = copies.MOST_BYTES // 2**20
        raise Invalid("check-too-large", TOO_LARGE, fields={"file": TOO_LARGE}, mb=mb)
    return _of_copy(data)


def _of_copy(data: bytes) -> CheckView:
    """No session is open while the file is looked at: whoever sends a slow one holds no connection."""
    with reading() as session:
        issuer = checking.describe_issuer(session)
    copy = _verify_copy(data, issuer)
    with reading() as session:
        then = checking.find_former_issuer(session, copy, issuer)
    if then:
        copy = _verify_copy(data, then)
    with reading() as session:
        return checking.check_by_copy(session, copy)


def _verify_copy(data: bytes, issuer: Issuer) -> checking.Copy:
    """The copy looked at. One that takes too long is charged to its network, which has so many places at once, too."""
    with charging_heavy_files(current_network(), SLOW_COPIES):
        return copies.verify_copy(data, issuer, clock.now())
