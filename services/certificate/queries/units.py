"""Unit codes with their titles, as the language of the page has them."""

from services.certificate.queries.certificates import CertificateView
from shared.errors import NotFound
from shared.schemes import shipped_schemes
from shared.web import current_language


def list_titled_units(found: CertificateView) -> list[tuple[str, str]]:
    """(code, title) of each unit of the version in force; the code alone for a unit or scheme nobody knows any more."""
    try:
        scheme = shipped_schemes().get(found.scheme_id, found.scheme_version)
    except NotFound:
        return [(code, "") for code in found.units]
    known = {code: scheme.unit(code) for code in found.units}
    return [(code, unit.title.in_language(current_language()) if unit else "") for code, unit in known.items()]
