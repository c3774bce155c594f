"""What certificate can be asked to do: `(session, ...)`, inside one transaction."""

from services.certificate.commands import public_events  # noqa: F401 - it keeps what is told in public
from services.certificate.commands.agreement import SignAgreement, sign_agreement
from services.certificate.commands.issuing import Stored, confirm_version
from services.certificate.commands.life import (
    Reason,
    Suspend,
    expire_due_certificates,
    reinstate_certificate,
    suspend_certificate,
    withdraw_certificate,
)
from services.certificate.commands.numbering import number_certificate
from services.certificate.commands.ordering import (
    clear_if_ready,
    describe_standing,
    note_forms_signed,
    open_order,
    place_order,
)
from services.certificate.commands.retrying import retry_order, retry_version
from services.certificate.commands.revising import Reduce, Reissue, abandon_version, reduce_scope, reissue_certificate
from services.certificate.commands.voiding import renumber_order, void_certificate

__all__ = [
    "Reason",
    "Reduce",
    "Reissue",
    "SignAgreement",
    "Stored",
    "Suspend",
    "abandon_version",
    "clear_if_ready",
    "confirm_version",
    "describe_standing",
    "expire_due_certificates",
    "note_forms_signed",
    "number_certificate",
    "open_order",
    "place_order",
    "reduce_scope",
    "reinstate_certificate",
    "reissue_certificate",
    "renumber_order",
    "retry_order",
    "retry_version",
    "sign_agreement",
    "suspend_certificate",
    "void_certificate",
    "withdraw_certificate",
]
