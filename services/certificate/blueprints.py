"""The blueprints that every part adds its views to, and the menu."""

from services.certificate.access import AGENCY_READERS, PAPER_READERS, READERS, TRUST_READERS
from shared.errors import N_
from shared.web import Api, Pages, Place

api = Api("certificate")
pages = Pages("certificate", "services.certificate")

MENU = (
    Place("/certificate/", N_("Daftar kerja"), frozenset(READERS)),
    Place("/certificate/register", N_("Register sertifikat"), frozenset(READERS)),
    Place("/certificate/bulk", N_("Tindakan massal"), frozenset(READERS)),
    Place("/certificate/paper", N_("Blanko"), frozenset(PAPER_READERS)),
    Place("/certificate/agencies", N_("Instansi lain"), frozenset(AGENCY_READERS)),
    Place("/certificate/trust", N_("Keandalan"), frozenset(TRUST_READERS)),
)
