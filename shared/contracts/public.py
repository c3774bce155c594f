"""Facts for other agencies, on exchange `kompeten.public`: no personal data beyond what the public check page shows."""

from datetime import date, datetime

from shared.contracts.envelope import Fact

SERVICE = "public"


class PublicCertificate(Fact):
    """What every public fact says of a certificate, as the public check page shows it.

    `status`: valid, suspended, withdrawn, expired or reduced. `check_url` confirms it at any time.
    """

    number: str
    holder_name: str
    scheme: str
    issuer: str
    status: str
    issued_on: date
    expires_on: date
    check_url: str


class CertificateIssued(PublicCertificate, service=SERVICE, fact="certificate_issued"):
    """A first certificate was issued; it covers `units`."""

    units: list[str]


class CertificateRenewed(PublicCertificate, service=SERVICE, fact="certificate_renewed"):
    """A certificate was issued to follow the one with number `renews`; it covers `units`."""

    units: list[str]
    renews: str


class CertificateSuspended(PublicCertificate, service=SERVICE, fact="certificate_suspended"):
    """The certificate is of no effect until it is reinstated."""

    at: datetime


class CertificateReinstated(PublicCertificate, service=SERVICE, fact="certificate_reinstated"):
    """The suspension has ended: the certificate is in force again."""

    at: datetime


class CertificateScopeReduced(PublicCertificate, service=SERVICE, fact="certificate_scope_reduced"):
    """From now on it covers `units` only; the sheet that `check_url` belongs to replaces the earlier one."""

    units: list[str]
    at: datetime


class CertificateReissued(PublicCertificate, service=SERVICE, fact="certificate_reissued"):
    """Its data were corrected; number and dates stay. The sheet behind `check_url` replaces the earlier one."""

    at: datetime


class CertificateWithdrawn(PublicCertificate, service=SERVICE, fact="certificate_withdrawn"):
    """The certificate was taken back for good."""

    at: datetime


class CertificateExpired(PublicCertificate, service=SERVICE, fact="certificate_expired"):
    """The last day of validity has passed."""

    at: datetime
