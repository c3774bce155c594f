"""Assessment's entries of the navigation that every page of the system shows, and who lands here."""

from shared.errors import N_
from shared.security.roles import Role
from shared.web.navigation import EVERYBODY, Place

PLACES = (Place("/assessment/", N_("Asesmen"), EVERYBODY | {Role.ASSESSOR}, N_("Asesmen saya")),)
LANDS = frozenset({Role.ASSESSOR})
