"""Facts told by certificate, for the other stages (ISO/IEC 17024 9.4, 9.5). Outsiders get `shared.contracts.public`."""

from datetime import date, datetime
from uuid import UUID

from shared.contracts.envelope import Fact

SERVICE = "certificate"


class AgreementRequested(Fact, service=SERVICE, fact="agreement_requested"):
    """Decided K, but the holder has not signed the agreement of use yet (R17)."""

    application_id: UUID
    holder_id: UUID
    scheme_title: str


class Certificate(Fact):
    """What every fact about one certificate begins with."""

    certificate_id: UUID
    number: str
    holder_id: UUID
    scheme_title: str


class CertificateIssued(Certificate, service=SERVICE, fact="certificate_issued"):
    """Numbered, rendered, signed and stored: only then is it told.

    `sha256` is of the stored PDF; `units` are the unit codes it covers; `renews` the number it follows.
    """

    registration_number: str
    application_id: UUID
    holder_name: str
    scheme_id: str
    scheme_version: str
    units: list[str]
    issued_on: date
    expires_on: date
    check_url: str
    sha256: str
    renews: str | None


class CertificateReissued(Certificate, service=SERVICE, fact="certificate_reissued"):
    """The holder's name was corrected: version `version` of the same certificate replaces the one before."""

    version: int
    holder_name: str
    check_url: str
    sha256: str
    reason: str
    at: datetime


class CertificateScopeReduced(Certificate, service=SERVICE, fact="certificate_scope_reduced"):
    """From now on it covers `units` only, in a new version (R16); a suspension has ended with it (R15)."""

    version: int
    units: list[str]
    check_url: str
    sha256: str
    reason: str
    at: datetime


class CertificateSuspended(Certificate, service=SERVICE, fact="certificate_suspended"):
    """Suspended until `until` at the latest (R15)."""

    reason: str
    until: date
    at: datetime


class CertificateReinstated(Certificate, service=SERVICE, fact="certificate_reinstated"):
    """The suspension is over: the certificate holds again (R15)."""

    reason: str
    at: datetime


class CertificateWithdrawn(Certificate, service=SERVICE, fact="certificate_withdrawn"):
    """Taken back for good, by the officers (ISO/IEC 17024 9.5)."""

    reason: str
    at: datetime


class CertificateExpired(Certificate, service=SERVICE, fact="certificate_expired"):
    """Its time is over; it cannot be renewed, only applied for anew (domain handbook 7)."""

    at: datetime


class AgencyWebhookStopped(Fact, service=SERVICE, fact="agency_webhook_stopped"):
    """Another agency's webhook failed for too long, or is gone: nothing is sent there until somebody has looked.

    `contact` is the agency's own mail address, empty where none is known; `error` what the last try met.
    """

    agency_id: UUID
    name: str
    contact: str
    failing_since: datetime
    error: str
    at: datetime
