"""The blueprint that every part of surveillance's pages adds its views to."""

from services.surveillance.access import HOLDERS, INVENTORY_KEEPERS, LOST_FILE_READERS, READERS
from shared.errors import N_
from shared.web import Pages, Place

pages = Pages("surveillance", __name__)

MENU = (
    Place("/surveillance/", N_("Daftar kerja"), frozenset(READERS)),
    Place("/surveillance/inventory", N_("Inventaris kedaluwarsa"), frozenset(INVENTORY_KEEPERS)),
    Place("/surveillance/history", N_("Riwayat sertifikat saya"), frozenset(HOLDERS)),
    Place("/surveillance/lost-files", N_("Berkas hilang"), frozenset(LOST_FILE_READERS)),
)
