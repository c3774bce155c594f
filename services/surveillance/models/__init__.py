"""Surveillance's tables: certificates held, the reports due for them, and what this stage keeps of the others."""

from services.surveillance.models.base import Base
from services.surveillance.models.copies import AccountCopy, Renewal
from services.surveillance.models.holdings import LIVING, STATUS_NAMES, STATUSES_IN_FORCE, Holding, Status
from services.surveillance.models.reports import Document, FiledReport, Review, Surveillance

__all__ = [
    "LIVING",
    "STATUSES_IN_FORCE",
    "STATUS_NAMES",
    "AccountCopy",
    "Base",
    "Document",
    "FiledReport",
    "Holding",
    "Renewal",
    "Review",
    "Status",
    "Surveillance",
]
