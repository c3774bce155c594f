"""What of certificate is recorded whenever it is written, so that nobody alters it unseen (R12, R22)."""

from services.certificate.models.certificates import Certificate, Change, Version
from shared.chain.registers import Register, keep_register

_COUNTING = "counts what was written and told of it"
_WRITTEN = "says when it was written, as the record does"
CERTIFICATES = keep_register(
    Register(
        "certificate",
        "certificates",
        Certificate,
        "number",
        {"version": _COUNTING, "sequence": _COUNTING, "created_at": _WRITTEN, "updated_at": _WRITTEN},
    )
)
VERSIONS = keep_register(Register("certificate", "certificate-versions", Version, "certificate_id", {}))
CHANGES = keep_register(Register("certificate", "certificate-changes", Change, "certificate_id", {}))
