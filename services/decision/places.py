"""Decision's entries of the navigation that every page of the system shows, and who lands here."""

from shared.errors import N_
from shared.security.roles import OFFICERS, Role
from shared.web.navigation import EVERYBODY, Place

READERS = EVERYBODY | {Role.ASSESSOR, Role.COMPLAINTS_OFFICER, Role.ADMINISTRATOR}
PLACES = (Place("/decision/", N_("Keputusan"), READERS, N_("Keputusan saya")),)
LANDS = frozenset({*OFFICERS, Role.COMPLAINTS_OFFICER})
