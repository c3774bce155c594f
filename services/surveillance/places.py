"""Surveillance's entries of the navigation that every page of the system shows, and who lands here."""

from shared.errors import N_
from shared.security.roles import Role
from shared.web.navigation import EVERYBODY, Place

PLACES = (Place("/surveillance/", N_("Surveilan"), EVERYBODY, N_("Surveilan saya")),)
LANDS = frozenset[Role]()
