"""What anybody may know of a certificate they hold a token, a number with its code, or a copy of (R22).

The minimum of domain handbook 8: name, scheme, issuer, number, status, dates; and the units of a reduced scope. There
is no way to list or to search: a number alone says nothing.
"""

import hmac
import json
import re
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from services.certificate.domain.checks import (
    OTHER,
    OTHER_FILE,
    OTHER_SITE,
    SUMMARIES,
    TITLES,
    UNKNOWN,
    Entry,
    SheetStanding,
    judged,
    not_registered,
)
from services.certificate.domain.states import PUBLIC, State
from services.certificate.domain.validity import state_on
from services.certificate.domain.versions import CODE_LETTERS, HANDED_OUT, VersionState
from services.certificate.models import Certificate, Version
from services.certificate.practice import body
from services.certificate.queries.credentials import did_document
from shared import clock
from shared.credentials import Words, did
from shared.credentials.claims import base_of
from shared.credentials.did import Issuer
from shared.credentials.verdicts import Check, Facts, Finding, Kind
from shared.errors import N_, Invalid, NotFound
from shared.schemes import schemes
from shared.settings import settings

TOKEN = re.compile(r"[a-z2-7]{26}")
CODE = re.compile(rf"[a-z2-7]{{{2 * CODE_LETTERS}}}")
DIGITS = re.compile(r"(\d{5})(\d{4})(\d)(\d{6,8})(\d{4})")
"""A certificate number without its spaces (domain handbook 5)."""
MISREAD = str.maketrans("01", "ol")
"""Digits that no code has, and the letters they are taken for."""
NOBODY = "-" * 2 * CODE_LETTERS

NOT_GENUINE = N_(
    "Tidak ada sertifikat dengan kode pemeriksaan ini. Pindai lagi kode QR pada sertifikat, "
    "atau salin alamatnya dengan lengkap. Bila tetap tidak ditemukan, sertifikat itu tidak diterbitkan oleh kami."
)
WRONG_PAIR = N_(
    "Nomor dan kode ini tidak cocok. Periksa lagi keduanya pada lembar sertifikat. Bila tetap tidak cocok, "
    "sertifikat itu tidak diterbitkan oleh kami."
)


class Said(BaseModel):
    """The same in Indonesian and English."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    en: str

    def in_language(self, language: str) -> str:
        return self.en if language == "en" else self.id


class CheckStep(BaseModel):
    """One check that was performed, and what it found."""

    check: Check
    passed: bool
    said: Said


class UnitShown(BaseModel):
    code: str
    title: Said


class Shown(BaseModel):
    """The minimum, as of today; name, state and dates are those of the version in force.

    `version`, `superseded` and `check_url` are those of the sheet asked about; `units` stand here when the scope was
    reduced: those that remain.
    """

    number: str
    holder_name: str
    scheme: Said
    issuer: Said
    status: State
    status_since: date
    issued_on: date
    expires_on: date
    suspended_until: date | None
    version: int
    superseded: bool
    check_url: str
    units: list[UnitShown]


class CheckView(BaseModel):
    """The answer: what the sheet is worth, the checks that were performed, in order, up to the first that failed.

    `genuine`: issued by this body as it is; `holds`: to be relied upon today. Of others no `certificate` is told.
    """

    standing: SheetStanding
    genuine: bool
    holds: bool
    title: Said
    summary: Said
    checks: list[CheckStep]
    certificate: Shown | None
    checked_at: datetime


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


def check(session: Session, token: str) -> CheckView:
    """What the holder of a check token may know. Raises NotFound for any that was never handed out."""
    found = _by_token(session, token)
    if found is None:
        raise NotFound("certificate-not-genuine", NOT_GENUINE)
    return _answer([], *judged(_entry(found)), found)


def unknown() -> CheckView:
    """The answer to a token that was never handed out."""
    return _answer([], *not_registered(UNKNOWN))


def check_number(session: Session, number: str, code: str) -> CheckView | None:
    """The same by number and check code, spaces and hyphens aside; None when the two don't belong together.

    Codes are compared in constant time, and an unknown number takes a comparison like any other.
    """
    given = re.sub(r"[\s-]", "", code).lower().translate(MISREAD)
    rows = _rows(session, Certificate.number == spaced(number)) if CODE.fullmatch(given) else []
    right = [row for row in rows if _same_code(given, row.check_token)]
    if not rows:
        _same_code(given, NOBODY)
    return _answer([], *judged(_entry(right[0])), right[0]) if right else None


def check_copy(session: Session, copy: Copy) -> CheckView:
    """What the register says of a copy that was verified: it must be what was issued, to the byte where it is a PDF."""
    findings = _named([one for one in copy.findings if one.check not in (Check.STATUS, Check.DATES)])
    if copy.facts is None:
        return _answer(findings, [], SheetStanding.NOT_GENUINE)
    found = _by_token(session, copy.facts.check_url.rpartition("/")[2])
    if found is None:
        return _answer(findings, *not_registered(UNKNOWN))
    if not _says_the_same(copy.facts, found):
        return _answer(findings, *not_registered(OTHER))
    if not _is_the_same(session, copy, found):
        return _answer(findings, *not_registered(OTHER_FILE))
    return _answer(findings, *judged(_entry(found)), found)


def check_address(session: Session, text: str) -> CheckView:
    """What somebody pasted: a token, or the whole address, which must then be one of ours. Raises Invalid, NotFound."""
    token, site = _token_and_site(text)
    found = _by_token(session, token)
    if found is None:
        raise NotFound("certificate-not-genuine", NOT_GENUINE)
    if site and site not in (urlsplit(found.check_url).netloc, urlsplit(settings().public_url).netloc):
        return _answer([], *not_registered(OTHER_SITE))
    return _answer([], *judged(_entry(found)), found)


def issuer(session: Session) -> Issuer:
    """This body with every key it ever signed with: what was signed before a roll-over stays genuine."""
    base = f"{settings().public_url.rstrip('/')}/certificate"
    return did.read(json.dumps(did_document(session, base)))


def issuer_then(session: Session, copy: Copy, issuer: Issuer) -> Issuer | None:
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
    then = replace(issuer, id=did.of(base_of(found))) if found else issuer
    return then if then.id != issuer.id else None


def _token_and_site(text: str) -> tuple[str, str]:
    """`(token, host)`; the host is empty where the token stands alone. Raises Invalid."""
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        parts = urlsplit("")
    token = parts.path.rstrip("/").rsplit("/", 1)[-1].lower()
    if not TOKEN.fullmatch(token):
        wrong = N_("Tempel seluruh isi kode QR atau alamatnya, atau kode pemeriksaan 26 huruf di ujungnya.")
        raise Invalid("check-token", N_("Kode pemeriksaan tidak lengkap."), fields={"text": wrong})
    return token, parts.netloc


def spaced(number: str) -> str:
    """A certificate number as it is printed, from however it was typed; an empty text when it is none."""
    found = DIGITS.fullmatch(re.sub(r"[\s.-]", "", number))
    return " ".join(found.groups()) if found else ""


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


def _named(findings: list[Finding]) -> list[Finding]:
    """The issuer by its name: people don't read identifiers."""
    name = body().name
    said = {
        True: Words(f"Ditandatangani oleh {name.id}.", f"Signed by {name.en}."),
        False: Words(f"Tidak ditandatangani oleh {name.id}.", f"Not signed by {name.en}."),
    }
    return [Finding(one.check, one.passed, said[one.passed]) if one.check is Check.ISSUER else one for one in findings]


def _entry(row: Row[Any]) -> Entry:
    certificate: Certificate = row.Certificate
    state = state_on(certificate.state, certificate.expires_on, clock.today())
    since = certificate.state_since.astimezone(clock.JAKARTA).date()
    return Entry(
        state=state,
        since=since if state is certificate.state else certificate.expires_on,
        version=row.version,
        superseded=row.state is VersionState.SUPERSEDED,
        issued_on=certificate.issued_on,
        expires_on=certificate.expires_on,
        suspended_until=certificate.suspended_until,
    )


def _answer(
    before: list[Finding], findings: list[Finding], standing: SheetStanding, row: Row[Any] | None = None
) -> CheckView:
    return CheckView(
        standing=standing,
        genuine=standing.genuine,
        holds=standing.holds,
        title=_said(TITLES[standing]),
        summary=_said(SUMMARIES[standing]),
        checks=[CheckStep(check=one.check, passed=one.passed, said=_said(one.words)) for one in (*before, *findings)],
        certificate=_shown(row) if row is not None else None,
        checked_at=clock.now(),
    )


def _shown(row: Row[Any]) -> Shown:
    certificate, entry = row.Certificate, _entry(row)
    scheme = schemes().get(certificate.scheme_id, certificate.scheme_version)
    units = [unit for unit in scheme.units if unit.code in certificate.units] if certificate.reduced_at else []
    name = body().name
    return Shown(
        number=certificate.number,
        holder_name=certificate.holder_name,
        scheme=Said(id=certificate.scheme_title, en=scheme.title.en),
        issuer=Said(id=certificate.issuer, en=name.en if certificate.issuer == name.id else certificate.issuer),
        status=entry.state,
        status_since=entry.since,
        issued_on=entry.issued_on,
        expires_on=entry.expires_on,
        suspended_until=entry.suspended_until,
        version=entry.version,
        superseded=entry.superseded,
        check_url=row.check_url,
        units=[UnitShown(code=unit.code, title=Said(id=unit.title.id, en=unit.title.en)) for unit in units],
    )


def _said(words: Words) -> Said:
    return Said(id=words.id, en=words.en)
