"""What certificate can be asked to do: `(session, ...)`, inside one transaction."""

from services.certificate.commands import public_events  # noqa: F401 - it keeps what is told in public
from services.certificate.commands.agreement import SignAgreement, sign_agreement
from services.certificate.commands.issuing import Stored, confirm_made
from services.certificate.commands.life import Reason, Suspend, expire_due, reinstate, suspend, withdraw
from services.certificate.commands.numbering import number
from services.certificate.commands.ordering import advance, decided, forms_signed, heard_of, standing_of
from services.certificate.commands.retrying import retry_order, retry_version
from services.certificate.commands.revising import Reduce, Reissue, abandon_version, reduce_scope, reissue
from services.certificate.commands.voiding import renumber, void

__all__ = [
    "Reason",
    "Reduce",
    "Reissue",
    "SignAgreement",
    "Stored",
    "Suspend",
    "abandon_version",
    "advance",
    "confirm_made",
    "decided",
    "expire_due",
    "forms_signed",
    "heard_of",
    "number",
    "reduce_scope",
    "reinstate",
    "reissue",
    "renumber",
    "retry_order",
    "retry_version",
    "sign_agreement",
    "standing_of",
    "suspend",
    "void",
    "withdraw",
]
