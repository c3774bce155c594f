"""Unit codes with their titles, as the language of the page has them."""

from services.certificate.queries.certificates import CertificateView
from shared.errors import NotFound
from shared.schemes import schemes
from shared.web import language


def titled(found: CertificateView) -> list[tuple[str, str]]:
    """(code, title) of each unit of the version in force; the code alone for a unit or scheme nobody knows any more."""
    try:
        scheme = schemes().get(found.scheme_id, found.scheme_version)
    except NotFound:
        return [(code, "") for code in found.units]
    known = {code: scheme.unit(code) for code in found.units}
    return [(code, unit.title.in_language(language()) if unit else "") for code, unit in known.items()]
