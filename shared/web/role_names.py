"""What the roles are called, in every service."""

from enum import Enum

from shared.errors import N_
from shared.security.roles import Role

ROLE_NAMES: dict[Enum, str] = {
    Role.APPLICANT: N_("Pemohon atau asesi"),
    Role.SECRETARIAT: N_("Sekretariat"),
    Role.ASSESSOR: N_("Asesor"),
    Role.CHAIR: N_("Ketua LSP"),
    Role.HEAD_OF_GENERAL_AFFAIRS: N_("Kepala Bagian Umum"),
    Role.HEAD_OF_CERTIFICATION: N_("Kepala Bidang Sertifikasi"),
    Role.HEAD_OF_QUALITY_CONTROL: N_("Kepala Bidang Pengendali Mutu"),
    Role.HEAD_OF_STANDARDS: N_("Kepala Bidang Standardisasi"),
    Role.COMPLAINTS_OFFICER: N_("Petugas pengaduan"),
    Role.AUDITOR: N_("Auditor"),
    Role.ADMINISTRATOR: N_("Administrator"),
}
