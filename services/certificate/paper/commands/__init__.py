"""What is done with sheets, inside one transaction."""

from services.certificate.paper.commands.handing_over import GiveOut, hand_over_certificate
from services.certificate.paper.commands.loading import lock_sheet
from services.certificate.paper.commands.looking import note_sheet_look, open_sheet
from services.certificate.paper.commands.receiving import Receive, receive_sheets
from services.certificate.paper.commands.spoiling import Spoil, spoil_sheet
from services.certificate.paper.commands.using import UseSheets, note_printing, use_sheets

__all__ = [
    "GiveOut",
    "Receive",
    "Spoil",
    "UseSheets",
    "hand_over_certificate",
    "lock_sheet",
    "note_printing",
    "note_sheet_look",
    "open_sheet",
    "receive_sheets",
    "spoil_sheet",
    "use_sheets",
]
