"""What can be done in this stage: `(session, ...)`, each in one transaction."""

from services.surveillance.commands.due import invite, lapse_ended, mark_overdue, open_windows, remind
from services.surveillance.commands.reporting import attach, file_report, refuse_attachment, save_draft
from services.surveillance.commands.reviewing import ReviewReport, review

__all__ = [
    "ReviewReport",
    "attach",
    "file_report",
    "invite",
    "lapse_ended",
    "mark_overdue",
    "open_windows",
    "refuse_attachment",
    "remind",
    "review",
    "save_draft",
]
