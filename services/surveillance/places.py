"""Surveillance's entries of the navigation that every page of the system shows, and who lands here."""

from shared.errors import N_
from shared.security.roles import OFFICERS, Role
from shared.web.navigation import Place

READERS = frozenset({*OFFICERS, Role.APPLICANT, Role.AUDITOR})
"""Whoever has something here: the secretariat has no part in surveillance."""

PLACES = (Place("/surveillance/", N_("Surveilan"), READERS, N_("Surveilan saya")),)
LANDS = frozenset[Role]()
