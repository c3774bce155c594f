"""What can be done in this stage: `(session, ...)`, each in one transaction."""

from services.surveillance.commands.due import (
    invite_to_renew,
    lapse_ended_reports,
    mark_reports_overdue,
    open_report_windows,
    remind_holders,
)
from services.surveillance.commands.reporting import (
    attach_evidence,
    file_report,
    refuse_more_evidence,
    save_report_draft,
)
from services.surveillance.commands.reviewing import ReviewReport, review_report

__all__ = [
    "ReviewReport",
    "attach_evidence",
    "file_report",
    "invite_to_renew",
    "lapse_ended_reports",
    "mark_reports_overdue",
    "open_report_windows",
    "refuse_more_evidence",
    "remind_holders",
    "review_report",
    "save_report_draft",
]
