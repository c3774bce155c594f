"""What a machine is told of a certificate: the claims of one version, from which credential and QR text are made.

claims = claims_of(version)
credential = badge.issue(claims, credential_key(), version.made_at)
text = compact.qr_text(claims, credential_key())
"""

from services.certificate.models import Version
from shared.credentials import Claims, Unit, Words


def build_claims(version: Version) -> Claims:
    """Return the claims of a version.

    They come from its rows alone, so twice gives the same; the result can be sent to another process.
    """
    certificate, printed = version.certificate, version.printed
    origin = version.check_url.rpartition("/certificate/check/")[0]
    return Claims(
        check_url=version.check_url,
        version=version.version,
        number=certificate.number,
        holder_name=version.holder_name,
        issuer_name=certificate.issuer,
        scheme=Words(*printed.scheme),
        scheme_url=f"{origin}/registration/api/schemes/{certificate.scheme_id}?version={certificate.scheme_version}",
        scheme_version=certificate.scheme_version,
        field=Words(*printed.field),
        standard=printed.standard,
        units=tuple(Unit(code, Words(title, english)) for code, title, english in printed.units),
        issued_on=certificate.issued_on,
        expires_on=certificate.expires_on,
        status_index=version.status_index,
    )
