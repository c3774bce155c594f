"""The parts of a verdict: checks and their order, what is known beforehand, what was found."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cryptography import x509

from shared.credentials.claims import Words
from shared.credentials.did import Issuer


class Check(StrEnum):
    """The checks, in the order they are performed."""

    FORMAT = "format"
    SIGNATURE = "signature"
    ISSUER = "issuer"
    STATUS = "status"
    DATES = "dates"


class Kind(StrEnum):
    """What was given to check."""

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
    """The outcome of one check, in words for a person."""

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
