"""Registration's entries of the navigation that every page of the system shows, and who lands here."""

from shared.errors import N_
from shared.security.roles import Role
from shared.web.navigation import STAFF, Place

PLACES = (
    Place("/registration/applications", N_("Permohonan saya"), frozenset({Role.APPLICANT})),
    Place("/registration/verification", N_("Permohonan"), STAFF | {Role.AUDITOR}),
    Place("/registration/accounts", N_("Akun"), frozenset({Role.ADMINISTRATOR})),
)
LANDS = frozenset({Role.SECRETARIAT})
