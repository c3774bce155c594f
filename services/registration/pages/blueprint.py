"""The blueprint that every part of registration's pages adds its views to, and the places inside the service."""

from services.registration.access import (
    ACCOUNT_KEEPERS,
    APPLICANTS,
    AUDIT_READERS,
    DATA_READERS,
    FILE_READERS,
    LOST_FILE_READERS,
    PHOTO_CHECKERS,
    REQUEST_LIST_TAKERS,
)
from shared.errors import N_
from shared.web import Pages, Place

pages = Pages("registration", __name__)

MENU = (
    Place("/registration/applications", N_("Permohonan saya"), frozenset(APPLICANTS)),
    Place("/registration/verification", N_("Verifikasi berkas"), frozenset(FILE_READERS)),
    Place("/registration/photos", N_("Foto sertifikat"), frozenset(PHOTO_CHECKERS)),
    Place("/registration/requests", N_("Daftar BNSP"), frozenset(REQUEST_LIST_TAKERS)),
    Place("/registration/periods", N_("Periode sertifikasi"), frozenset()),
    Place("/registration/accounts", N_("Akun"), frozenset(ACCOUNT_KEEPERS)),
    Place("/registration/audit", N_("Catatan audit"), frozenset(AUDIT_READERS)),
    Place("/registration/access-log", N_("Catatan akses"), frozenset(AUDIT_READERS)),
    Place("/registration/data", N_("Data yang berlaku"), frozenset(DATA_READERS)),
    Place("/registration/lost-files", N_("Berkas hilang"), frozenset(LOST_FILE_READERS)),
)
