"""Certificate's entries of the navigation that every page of the system shows, and who lands here."""

from shared.errors import N_
from shared.security.roles import Role
from shared.web.navigation import EVERYBODY, Place

PLACES = (
    Place("/certificate/", N_("Sertifikat"), EVERYBODY, N_("Sertifikat saya")),
    Place("/certificate/agencies", N_("Instansi lain"), frozenset({Role.ADMINISTRATOR})),
)
LANDS = frozenset[Role]()
