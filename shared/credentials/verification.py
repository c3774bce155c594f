"""Whether a certificate is genuine and holds: five checks in order, on a PDF, a JSON credential or a QR text.

format, signature, issuer: the first that fails ends it, for what follows would rest on nothing. status, dates: both.
The verdict names only the checks that were performed: without the issuer's keys there is none of the issuer, without
status lists none of the status; and nothing is said of a person before the first three have passed.
"""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from shared.clock import JAKARTA
from shared.credentials import badge, compact, did, form, messages, proof
from shared.credentials.claims import base_of_check_url
from shared.credentials.did import Issuer
from shared.credentials.keys import PublicKey
from shared.credentials.quads import canonical_quads
from shared.credentials.verdicts import (
    Check,
    Facts,
    Finding,
    Kind,
    Standing,
    StatusSource,
    StatusUnknown,
    Trust,
    Verdict,
)

if TYPE_CHECKING:
    from shared.credentials.pdf import Signed

__all__ = [
    "MOST_BYTES",
    "Check",
    "Facts",
    "Finding",
    "Kind",
    "Standing",
    "StatusSource",
    "StatusUnknown",
    "Trust",
    "Verdict",
    "kind_of",
    "verify_credential",
]

MOST_BYTES = 20_000_000
"""The largest PDF read, in bytes; larger ones are refused unread."""


def verify_credential(data: bytes, trust: Trust) -> Verdict:
    """The verdict on a PDF, credential or QR text that anybody may have made; never raises for what it holds."""
    kind = kind_of(data)
    if kind is Kind.PDF:
        return _of_pdf(data, trust)
    if kind is Kind.CREDENTIAL:
        return _of_credential(data, trust)
    if kind is Kind.QR:
        return _of_qr(data, trust)
    return Verdict(kind, (Finding(Check.FORMAT, False, messages.NO_FORM),))


def kind_of(data: bytes) -> Kind:
    """What `data` seems to be, from how it begins."""
    begin = data[:200].lstrip()
    if begin.startswith(b"%PDF-"):
        return Kind.PDF
    if begin.startswith(b"{"):
        return Kind.CREDENTIAL
    return Kind.QR if begin.startswith((b"http://", b"https://")) else Kind.UNKNOWN


def _of_credential(data: bytes, trust: Trust) -> Verdict:
    try:
        content, signed = form.parse_badge(data)
    except ValueError:
        return Verdict(Kind.CREDENTIAL, (Finding(Check.FORMAT, False, messages.NO_FORM),))
    findings = [Finding(Check.FORMAT, True, messages.FORM[Kind.CREDENTIAL])]
    if not _holds(content, signed):
        return Verdict(Kind.CREDENTIAL, (*findings, Finding(Check.SIGNATURE, False, messages.ALTERED)))
    findings.append(Finding(Check.SIGNATURE, True, messages.UNALTERED))
    if trust.issuer is None:
        return Verdict(Kind.CREDENTIAL, tuple(findings))
    passed = _issued_by(trust.issuer, content, signed)
    findings.append(Finding(Check.ISSUER, passed, messages.say_issuer(passed, trust.issuer)))
    return _concluded(Kind.CREDENTIAL, findings, _facts_of(content), trust)


def _of_pdf(data: bytes, trust: Trust) -> Verdict:
    # pyHanko takes half a second to import: only who checks a PDF pays for it
    from shared.credentials.pdf import NotSigned, open_signed_pdf

    try:
        if len(data) > MOST_BYTES:
            raise NotSigned("too large")
        signed = open_signed_pdf(data)
    except NotSigned:
        return Verdict(Kind.PDF, (Finding(Check.FORMAT, False, messages.NOT_SIGNED),))
    findings = [Finding(Check.FORMAT, True, messages.FORM[Kind.PDF])]
    if not signed.intact():
        return Verdict(Kind.PDF, (*findings, Finding(Check.SIGNATURE, False, messages.ALTERED)))
    if trust.issuer is None:
        return Verdict(Kind.PDF, (*findings, Finding(Check.SIGNATURE, True, messages.UNALTERED)))
    if signed.signer not in trust.issuer.signers:
        stranger = Finding(Check.ISSUER, False, messages.say_issuer(False, trust.issuer))
        return Verdict(Kind.PDF, (*findings, Finding(Check.SIGNATURE, True, messages.UNALTERED), stranger))
    return _of_own_pdf(signed, findings, trust, trust.issuer)


def _of_own_pdf(signed: "Signed", findings: list[Finding], trust: Trust, issuer: Issuer) -> Verdict:
    """A file that one of the issuer's signers signed: only now is it read as a PDF, and what is attached to it."""
    try:
        content, inner = form.parse_badge(signed.credential())
        inside = _holds(content, inner)
    except (ValueError, KeyError, TypeError):
        inside = False
    if not inside:
        return Verdict(Kind.PDF, (*findings, Finding(Check.SIGNATURE, False, messages.NO_CREDENTIAL)))
    findings.append(Finding(Check.SIGNATURE, True, messages.UNALTERED))
    facts = _facts_of(content)
    passed = _issued_by(issuer, content, inner)
    if passed and trust.roots:
        passed = signed.trusted(trust.roots, _moment(inner["created"]))
    findings.append(Finding(Check.ISSUER, passed, messages.say_issuer(passed, issuer)))
    return _concluded(Kind.PDF, findings, facts, trust)


def _of_qr(data: bytes, trust: Trust) -> Verdict:
    try:
        core = compact.read_compact(data[: compact.MOST_BYTES].decode("ascii"))
    except ValueError:
        return Verdict(Kind.QR, (Finding(Check.FORMAT, False, messages.NO_FORM),))
    findings = [Finding(Check.FORMAT, True, messages.FORM[Kind.QR])]
    if trust.issuer is None:
        return Verdict(Kind.QR, tuple(findings))
    keys = [key for key in trust.issuer.keys.values() if key.short_id == core.short_key_id]
    passed = any(core.holds(key) for key in keys)
    findings.append(Finding(Check.SIGNATURE, passed, messages.UNALTERED if passed else messages.QR_FORGED))
    if not passed:
        return Verdict(Kind.QR, tuple(findings))
    passed = did.did_of(core.base) == trust.issuer.id
    findings.append(Finding(Check.ISSUER, passed, messages.say_issuer(passed, trust.issuer)))
    return _concluded(Kind.QR, findings, _facts_of_core(core), trust)


def _concluded(kind: Kind, findings: list[Finding], facts: Facts, trust: Trust) -> Verdict:
    """Status and dates of what is genuine; anything else ends with what has failed."""
    if not all(finding.passed for finding in findings):
        return Verdict(kind, tuple(findings))
    verdict = Verdict(kind, (*findings, _dates(facts, trust.at)), facts)
    if trust.status is None:
        return verdict
    try:
        standing = trust.status(base_of_check_url(facts.check_url), facts.status_index)
    except StatusUnknown:
        return verdict
    *before, dates = verdict.findings
    status = Finding(Check.STATUS, standing is Standing.GOOD, messages.STANDING[standing])
    return replace(verdict, findings=(*before, status, dates))


def _dates(facts: Facts, at: datetime) -> Finding:
    if at < facts.valid_from:
        return Finding(Check.DATES, False, messages.fill_validity_dates(messages.NOT_YET, facts))
    if at > facts.valid_until:
        return Finding(Check.DATES, False, messages.fill_validity_dates(messages.EXPIRED, facts))
    return Finding(Check.DATES, True, messages.fill_validity_dates(messages.IN_TIME, facts))


def _holds(content: dict[str, Any], signed: dict[str, Any]) -> bool:
    try:
        return proof.proof_holds(canonical_quads(badge.badge_statements(content)), signed)
    except ValueError:
        return False


def _issued_by(issuer: Issuer, content: dict[str, Any], signed: dict[str, Any]) -> bool:
    key: PublicKey = proof.key_of_proof(signed)
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
        issuer=did.did_of(core.base),
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
