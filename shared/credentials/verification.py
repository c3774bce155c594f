"""Whether a certificate is genuine and holds: five checks in order, on a PDF, a JSON credential or a QR text.

format, signature, issuer: the first that fails ends it, for what follows would rest on nothing. status, dates: both.
The verdict names only the checks that were performed: without the issuer's keys there is none of the issuer, without
status lists none of the status; and nothing is said of a person before the first three have passed.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from cryptography import x509

from shared.clock import JAKARTA
from shared.credentials import badge, compact, did, form, proof
from shared.credentials.claims import Words, base_of
from shared.credentials.did import Issuer
from shared.credentials.keys import PublicKey
from shared.credentials.quads import canonical

if TYPE_CHECKING:
    from shared.credentials.pdf import Signed

MOST_BYTES = 20_000_000
"""Of a PDF; larger ones are refused unread."""


class Check(StrEnum):
    """In this order."""

    FORMAT = "format"
    SIGNATURE = "signature"
    ISSUER = "issuer"
    STATUS = "status"
    DATES = "dates"


class Kind(StrEnum):
    PDF = "pdf"
    CREDENTIAL = "credential"
    QR = "qr"
    UNKNOWN = "unknown"


class Standing(StrEnum):
    """What the status lists say of a version. Expiry is not theirs to tell: the dates do."""

    GOOD = "good"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


class StatusUnknown(Exception):
    """The status lists could not be had; the message says why."""


StatusSource = Callable[[str, int], Standing]
"""(base address of the issuer, status index) -> standing. Raises StatusUnknown."""


@dataclass(frozen=True)
class Trust:
    """What the one who checks knows beforehand.

    `issuer`: keys of the body, from its did.json. `roots`: authorities that the PDF's signature must go back to, where
    any are given.
    """

    issuer: Issuer | None
    at: datetime
    roots: tuple[x509.Certificate, ...] = ()
    status: StatusSource | None = None


@dataclass(frozen=True)
class Facts:
    """What a certificate says, once it is known to be genuine. `valid_from` to `valid_until` as moments, aware UTC."""

    issuer: str
    check_url: str
    number: str
    holder_name: str
    scheme: str
    valid_from: datetime
    valid_until: datetime
    status_index: int


@dataclass(frozen=True)
class Finding:
    check: Check
    passed: bool
    words: Words


@dataclass(frozen=True)
class Verdict:
    """`findings` are the checks performed, in order; `facts` only of what is genuine."""

    kind: Kind
    findings: tuple[Finding, ...]
    facts: Facts | None = None

    @property
    def failed(self) -> bool:
        return any(not finding.passed for finding in self.findings)

    @property
    def genuine(self) -> bool:
        """Made by the issuer and not altered since; whether it holds today is said by status and dates."""
        return self.facts is not None

    @property
    def performed(self) -> tuple[Check, ...]:
        return tuple(finding.check for finding in self.findings)


def verify(data: bytes, trust: Trust) -> Verdict:
    """The verdict on a file or text that anybody may have made."""
    kind = kind_of(data)
    if kind is Kind.PDF:
        return _of_pdf(data, trust)
    if kind is Kind.CREDENTIAL:
        return _of_credential(data, trust)
    if kind is Kind.QR:
        return _of_qr(data, trust)
    return Verdict(kind, (Finding(Check.FORMAT, False, NO_FORM),))


def kind_of(data: bytes) -> Kind:
    """What it seems to be, from how it begins."""
    begin = data[:200].lstrip()
    if begin.startswith(b"%PDF-"):
        return Kind.PDF
    if begin.startswith(b"{"):
        return Kind.CREDENTIAL
    return Kind.QR if begin.startswith((b"http://", b"https://")) else Kind.UNKNOWN


def _of_credential(data: bytes, trust: Trust) -> Verdict:
    try:
        content, signed = form.badge(data)
    except ValueError:
        return Verdict(Kind.CREDENTIAL, (Finding(Check.FORMAT, False, NO_FORM),))
    findings = [Finding(Check.FORMAT, True, FORM[Kind.CREDENTIAL])]
    if not _holds(content, signed):
        return Verdict(Kind.CREDENTIAL, (*findings, Finding(Check.SIGNATURE, False, ALTERED)))
    findings.append(Finding(Check.SIGNATURE, True, UNALTERED))
    if trust.issuer is None:
        return Verdict(Kind.CREDENTIAL, tuple(findings))
    passed = _issued_by(trust.issuer, content, signed)
    findings.append(Finding(Check.ISSUER, passed, _issuer_words(passed, trust.issuer)))
    return _concluded(Kind.CREDENTIAL, findings, _facts_of(content), trust)


def _of_pdf(data: bytes, trust: Trust) -> Verdict:
    # pyHanko takes half a second to import: only who checks a PDF pays for it
    from shared.credentials.pdf import NotSigned, opened

    try:
        if len(data) > MOST_BYTES:
            raise NotSigned("too large")
        signed = opened(data)
    except NotSigned:
        return Verdict(Kind.PDF, (Finding(Check.FORMAT, False, NOT_SIGNED),))
    findings = [Finding(Check.FORMAT, True, FORM[Kind.PDF])]
    if not signed.intact():
        return Verdict(Kind.PDF, (*findings, Finding(Check.SIGNATURE, False, ALTERED)))
    if trust.issuer is None:
        return Verdict(Kind.PDF, (*findings, Finding(Check.SIGNATURE, True, UNALTERED)))
    if signed.signer not in trust.issuer.signers:
        stranger = Finding(Check.ISSUER, False, _issuer_words(False, trust.issuer))
        return Verdict(Kind.PDF, (*findings, Finding(Check.SIGNATURE, True, UNALTERED), stranger))
    return _of_own_pdf(signed, findings, trust, trust.issuer)


def _of_own_pdf(signed: "Signed", findings: list[Finding], trust: Trust, issuer: Issuer) -> Verdict:
    """A file that one of the issuer's signers signed: only now is it read as a PDF, and what is attached to it."""
    try:
        content, inner = form.badge(signed.credential())
        inside = _holds(content, inner)
    except (ValueError, KeyError, TypeError):
        inside = False
    if not inside:
        return Verdict(Kind.PDF, (*findings, Finding(Check.SIGNATURE, False, NO_CREDENTIAL)))
    findings.append(Finding(Check.SIGNATURE, True, UNALTERED))
    facts = _facts_of(content)
    passed = _issued_by(issuer, content, inner)
    if passed and trust.roots:
        passed = signed.trusted(trust.roots, _moment(inner["created"]))
    findings.append(Finding(Check.ISSUER, passed, _issuer_words(passed, issuer)))
    return _concluded(Kind.PDF, findings, facts, trust)


def _of_qr(data: bytes, trust: Trust) -> Verdict:
    try:
        core = compact.read(data[: compact.MOST_BYTES].decode("ascii"))
    except ValueError:
        return Verdict(Kind.QR, (Finding(Check.FORMAT, False, NO_FORM),))
    findings = [Finding(Check.FORMAT, True, FORM[Kind.QR])]
    if trust.issuer is None:
        return Verdict(Kind.QR, tuple(findings))
    keys = [key for key in trust.issuer.keys.values() if key.short_id == core.short_key_id]
    passed = any(core.holds(key) for key in keys)
    findings.append(Finding(Check.SIGNATURE, passed, UNALTERED if passed else QR_FORGED))
    if not passed:
        return Verdict(Kind.QR, tuple(findings))
    passed = did.of(core.base) == trust.issuer.id
    findings.append(Finding(Check.ISSUER, passed, _issuer_words(passed, trust.issuer)))
    return _concluded(Kind.QR, findings, _facts_of_core(core), trust)


def _concluded(kind: Kind, findings: list[Finding], facts: Facts, trust: Trust) -> Verdict:
    """Status and dates of what is genuine; anything else ends with what has failed."""
    if not all(finding.passed for finding in findings):
        return Verdict(kind, tuple(findings))
    verdict = Verdict(kind, (*findings, _dates(facts, trust.at)), facts)
    if trust.status is None:
        return verdict
    try:
        standing = trust.status(base_of(facts.check_url), facts.status_index)
    except StatusUnknown:
        return verdict
    *before, dates = verdict.findings
    status = Finding(Check.STATUS, standing is Standing.GOOD, STANDING[standing])
    return replace(verdict, findings=(*before, status, dates))


def _dates(facts: Facts, at: datetime) -> Finding:
    if at < facts.valid_from:
        return Finding(Check.DATES, False, _dated(NOT_YET, facts))
    if at > facts.valid_until:
        return Finding(Check.DATES, False, _dated(EXPIRED, facts))
    return Finding(Check.DATES, True, _dated(IN_TIME, facts))


def _holds(content: dict[str, Any], signed: dict[str, Any]) -> bool:
    try:
        return proof.holds(canonical(badge.statements(content)), signed)
    except ValueError:
        return False


def _issued_by(issuer: Issuer, content: dict[str, Any], signed: dict[str, Any]) -> bool:
    key: PublicKey = proof.key_named(signed)
    return content["issuer"]["id"] == issuer.id and key.id in issuer.keys


def _facts_of(content: dict[str, Any]) -> Facts:
    subject = content["credentialSubject"]
    return Facts(
        issuer=content["issuer"]["id"],
        check_url=content["id"],
        number=subject["licenseNumber"],
        holder_name=subject["identifier"][0]["identityHash"],
        scheme=subject["achievement"]["name"],
        valid_from=_moment(content["validFrom"]),
        valid_until=_moment(content["validUntil"]),
        status_index=form.status_index(content),
    )


def _facts_of_core(core: compact.Core) -> Facts:
    begin, end = (datetime.combine(day, time(), JAKARTA) for day in (core.issued_on, core.expires_on))
    return Facts(
        issuer=did.of(core.base),
        check_url=core.check_url,
        number=core.number,
        holder_name=core.holder_name,
        scheme=core.scheme,
        valid_from=begin.astimezone(UTC),
        valid_until=end.astimezone(UTC) + timedelta(days=1, seconds=-1),
        status_index=core.status_index,
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


NO_FORM = Words(
    "Ini bukan sertifikat, kredensial, atau isi kode QR dalam bentuk yang diterbitkan sistem ini.",
    "This is no certificate, credential or QR text of a form that this system issues.",
)
NOT_SIGNED = Words(
    "PDF ini tidak memuat tanda tangan yang mencakup seluruh berkas: bukan sertifikat, atau diubah setelah terbit.",
    "This PDF carries no signature that covers the whole file: it is no certificate, or was changed after issue.",
)
FORM = {
    Kind.PDF: Words("Berkas ini PDF yang ditandatangani seluruhnya.", "The file is a PDF, signed as a whole."),
    Kind.CREDENTIAL: Words("Berkas ini kredensial Open Badges 3.0.", "The file is an Open Badges 3.0 credential."),
    Kind.QR: Words("Teks ini isi kode QR sertifikat.", "The text is that of a certificate's QR code."),
}
UNALTERED = Words(
    "Tanda tangan elektroniknya cocok: isinya tidak berubah sejak ditandatangani.",
    "The electronic signature matches: nothing was altered since it was signed.",
)
ALTERED = Words(
    "Tanda tangan elektroniknya tidak cocok: isinya diubah, atau tanda tangannya palsu.",
    "The electronic signature does not match: something was altered, or the signature is forged.",
)
NO_CREDENTIAL = Words(
    "Kredensial di dalam PDF ini tidak ada atau tidak cocok dengan tanda tangannya.",
    "The credential inside this PDF is missing, or does not match its signature.",
)
QR_FORGED = Words(
    "Kode QR ini tidak ditandatangani oleh penerbit tersebut: palsu, atau disalin ke alamat lain.",
    "This QR code was not signed by that issuer: it is forged, or was moved to another address.",
)
STANDING = {
    Standing.GOOD: Words("Tidak ditangguhkan dan tidak dicabut.", "Neither suspended nor withdrawn."),
    Standing.SUSPENDED: Words(
        "Ditangguhkan: sedang tidak berlaku sampai penangguhan berakhir.",
        "Suspended: of no effect until the suspension ends.",
    ),
    Standing.REVOKED: Words(
        "Tidak berlaku lagi: dicabut, dibatalkan, atau diganti versi baru.",
        "No longer in force: withdrawn, voided, or superseded by a new version.",
    ),
}
IN_TIME = Words("Dalam masa berlaku, {begin} sampai {end}.", "Within its validity, {begin} to {end}.")
EXPIRED = Words("Kedaluwarsa sejak {end}.", "Expired since {end}.")
NOT_YET = Words("Baru berlaku mulai {begin}.", "Valid only from {begin} on.")


def _dated(words: Words, facts: Facts) -> Words:
    begin, end = (moment.astimezone(JAKARTA).date() for moment in (facts.valid_from, facts.valid_until))
    return Words(words.id.format(begin=begin, end=end), words.en.format(begin=begin, end=end))


def _issuer_words(passed: bool, issuer: Issuer) -> Words:
    if passed:
        return Words(f"Diterbitkan oleh {issuer.id}.", f"Issued by {issuer.id}.")
    return Words(
        f"Tidak ditandatangani dengan kunci {issuer.id}: bukan terbitannya.",
        f"Not signed with a key of {issuer.id}: it was not issued there.",
    )
