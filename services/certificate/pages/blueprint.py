"""The blueprint that every part of the pages adds its views to, and the menu."""

from services.certificate.queries.access import READERS
from shared.errors import N_
from shared.web import Pages, Place

pages = Pages("certificate", "services.certificate")

MENU = (
    Place("/certificate/", N_("Daftar kerja"), frozenset(READERS)),
    Place("/certificate/register", N_("Register sertifikat"), frozenset(READERS)),
)
