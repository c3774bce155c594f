"""Notification's entries of the navigation that every page of the system shows, and who lands here."""

from shared.errors import N_
from shared.security.roles import Role
from shared.web.navigation import Place

PLACES = (
    Place("/notification/mails", N_("Surel keluar"), frozenset({Role.ADMINISTRATOR})),
    # trial systems deliver no mail: it is read here
    Place("/notification/inbox", N_("Kotak surat"), frozenset(Role), trial=True),
)
LANDS = frozenset[Role]()
