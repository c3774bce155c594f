"""What certificate can be asked to do: `(session, ...)`, inside one transaction."""

from services.certificate.commands.agreement import SignAgreement, sign_agreement
from services.certificate.commands.issuing import Stored, confirm_issued
from services.certificate.commands.life import Reason, Suspend, expire_due, reinstate, suspend, withdraw
from services.certificate.commands.ordering import advance, decided, forms_signed, heard_of, standing_of
from services.certificate.commands.voiding import renumber, void

__all__ = [
    "Reason",
    "SignAgreement",
    "Stored",
    "Suspend",
    "advance",
    "confirm_issued",
    "decided",
    "expire_due",
    "forms_signed",
    "heard_of",
    "reinstate",
    "renumber",
    "sign_agreement",
    "standing_of",
    "suspend",
    "void",
    "withdraw",
]
