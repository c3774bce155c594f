"""The blueprint that every part of registration's pages adds its views to, and the places inside the service."""

from shared.errors import N_
from shared.security.roles import OFFICERS, Role
from shared.web import Pages, Place

pages = Pages("registration", __name__)

READERS = (Role.SECRETARIAT, *OFFICERS, Role.AUDITOR)
"""Who may look into files that were filed."""

MENU = (
    Place("/registration/applications", N_("Permohonan saya"), frozenset({Role.APPLICANT})),
    Place("/registration/verification", N_("Verifikasi berkas"), frozenset(READERS)),
    Place("/registration/photos", N_("Foto sertifikat"), frozenset({Role.SECRETARIAT})),
    Place("/registration/requests", N_("Daftar BNSP"), frozenset({Role.SECRETARIAT, Role.HEAD_OF_CERTIFICATION})),
    Place("/registration/periods", N_("Periode sertifikasi"), frozenset()),
    Place("/registration/accounts", N_("Akun"), frozenset({Role.ADMINISTRATOR})),
    Place("/registration/audit", N_("Catatan audit"), frozenset({Role.AUDITOR})),
)
