"""What anybody may know of a certificate they hold a token, a number with its code, or a copy of (R22).

The minimum of domain handbook 8: name, scheme, issuer, number, status, dates; and the units of a reduced scope. There
is no way to list or to search: a number alone says nothing.
"""

import hmac
import json
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from services.certificate.checking.domain import (
    OTHER,
    OTHER_FILE,
    OTHER_SITE,
    UNKNOWN,
    SheetStanding,
    judge_entry,
    judge_unregistered,
)
from services.certificate.checking.queries.answers import CheckView, compose_answer, describe_entry, name_issuer
from services.certificate.checking.queries.credentials import describe_did
from services.certificate.checking.typed import TOKEN, Pair, name_site, read_address, read_token
from services.certificate.domain.states import PUBLIC
from services.certificate.domain.versions import CODE_LETTERS, HANDED_OUT
from services.certificate.models import Certificate, Version
from shared import clock
from shared.credentials import did
from shared.credentials.claims import base_of_check_url
from shared.credentials.did import Issuer
from shared.credentials.verdicts import Check, Facts, Finding, Kind
from shared.errors import N_, NotFound
from shared.settings import settings

NOBODY = "-" * 2 * CODE_LETTERS

NOT_GENUINE = N_(
    "Tidak ada sertifikat dengan kode pemeriksaan ini. Pindai lagi kode QR pada sertifikat, "
    "atau salin alamatnya dengan lengkap. Bila tetap tidak ditemukan, sertifikat itu tidak diterbitkan oleh kami."
)
WRONG_PAIR = N_(
    "Nomor dan kode ini tidak cocok. Periksa lagi keduanya pada lembar sertifikat. Bila tetap tidak cocok, "
    "sertifikat itu tidak diterbitkan oleh kami."
)


class Copy(NamedTuple):
    """What a stranger's file or text turned out to be, by `shared.credentials`: genuine as far as it goes.

    `credential` is the JSON it was, `sha256` (hex) the digest of the PDF it was; `address` is the check address that a
    credential or QR text bears, genuine or not.
    """

    kind: Kind
    findings: tuple[Finding, ...]
    facts: Facts | None
    sha256: str = ""
    address: str = ""
    credential: dict[str, Any] | None = None


SHEETS = (
    select(
        Version.check_token, Version.version, Version.state, Version.sha256, Version.check_url, Version.holder_name,
        Version.status_index, Certificate,
    )
    .join(Version.certificate)
    .where(Version.state.in_(HANDED_OUT), Certificate.state.in_(PUBLIC))
)  # fmt: skip
"""Those that were handed out, with their certificates: no column more, for the check is asked most of all."""


def check_by_token(session: Session, token: str) -> CheckView:
    """Return what anybody with the check token may know (R22).

    Raises NotFound for any that was never handed out, Invalid for what has not the form of one.
    """
    found = _by_token(session, read_token(token))
    if found is None:
        raise NotFound("certificate-not-genuine", NOT_GENUINE)
    return compose_answer([], *judge_entry(describe_entry(found)), found)


def answer_unknown() -> CheckView:
    """The answer to a token that was never handed out."""
    return compose_answer([], *judge_unregistered(UNKNOWN))


def check_by_number(session: Session, pair: Pair) -> CheckView | None:
    """Return the answer for a number and its check code; None for a wrong pair.

    Codes are compared in constant time, and an unknown number takes a comparison like any other.
    """
    rows = _rows(session, Certificate.number == pair.number)
    right = [row for row in rows if _same_code(pair.code, row.check_token)]
    if not rows:
        # Without it an unknown number would be answered sooner than a known one, and numbers could be found out.
        _same_code(pair.code, NOBODY)
    return compose_answer([], *judge_entry(describe_entry(right[0])), right[0]) if right else None


def check_by_copy(session: Session, copy: Copy) -> CheckView:
    """What the register says of a copy that was verified: it must be what was issued, to the byte where it is a PDF."""
    findings = name_issuer([one for one in copy.findings if one.check not in (Check.STATUS, Check.DATES)])
    if copy.facts is None:
        return compose_answer(findings, [], SheetStanding.NOT_GENUINE)
    found = _by_token(session, copy.facts.check_url.rpartition("/")[2])
    if found is None:
        return compose_answer(findings, *judge_unregistered(UNKNOWN))
    if not _says_the_same(copy.facts, found):
        return compose_answer(findings, *judge_unregistered(OTHER))
    if not _is_the_same(session, copy, found):
        return compose_answer(findings, *judge_unregistered(OTHER_FILE))
    return compose_answer(findings, *judge_entry(describe_entry(found)), found)


def check_by_address(session: Session, text: str) -> CheckView:
    """What somebody pasted: a token, or the whole address, which must then be one of ours. Raises Invalid, NotFound."""
    token, site = read_address(text)
    found = _by_token(session, token)
    if found is None:
        raise NotFound("certificate-not-genuine", NOT_GENUINE)
    if site and site not in (name_site(found.check_url), name_site(settings().public_url)):
        return compose_answer([], *judge_unregistered(OTHER_SITE))
    return compose_answer([], *judge_entry(describe_entry(found)), found)


def describe_issuer(session: Session) -> Issuer:
    """This body with every key it ever signed with: what was signed before a roll-over stays genuine."""
    base = f"{settings().public_url.rstrip('/')}/certificate"
    return did.read_did_document(json.dumps(describe_did(session, base)))


def find_former_issuer(session: Session, copy: Copy, issuer: Issuer) -> Issuer | None:
    """This body as it was called when it issued what `copy` seems to be; None unless that was under another address.

    Public addresses change; what was issued under an old one stays genuine.
    """
    last = copy.findings[-1]
    if last.check is not Check.ISSUER or last.passed:
        return None
    if copy.kind is Kind.PDF:
        which = Version.sha256 == copy.sha256
    else:
        which = (Version.check_token == copy.address.rpartition("/")[2]) & (Version.check_url == copy.address)
    found = session.scalar(select(Version.check_url).where(which))
    then = replace(issuer, id=did.did_of(base_of_check_url(found))) if found else issuer
    return then if then.id != issuer.id else None


def _by_token(session: Session, token: str) -> Row[Any] | None:
    rows = _rows(session, Version.check_token == token) if TOKEN.fullmatch(token) else []
    return rows[0] if rows else None


def _rows(session: Session, which: Any) -> list[Row[Any]]:
    return list(session.execute(SHEETS.where(which)))


def _same_code(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode(), token[: 2 * CODE_LETTERS].encode())


def _says_the_same(facts: Facts, row: Row[Any]) -> bool:
    """A good signature under other words than the register's would mean that a key is in wrong hands."""
    told = (facts.check_url, facts.number, facts.holder_name, facts.status_index)
    known = (row.check_url, row.Certificate.number, row.holder_name, row.status_index)
    return told == known and facts.valid_from.astimezone(clock.JAKARTA).date() == row.Certificate.issued_on


def _is_the_same(session: Session, copy: Copy, row: Row[Any]) -> bool:
    if copy.kind is Kind.PDF:
        return hmac.compare_digest(copy.sha256, row.sha256)
    if copy.kind is Kind.CREDENTIAL:
        stored = session.scalar(select(Version.credential).where(Version.check_token == row.check_token))
        return stored is not None and json.loads(stored or "null") == copy.credential
    return True
