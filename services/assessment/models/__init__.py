"""Assessment's tables: its registers, copies of what other stages told, cases and what was noted of them, sittings."""

from services.assessment.models.base import Base
from services.assessment.models.cases import (
    Assignment,
    Case,
    Consultation,
    DayRecord,
    StoredDeclaration,
    derive_case_id,
    make_blank_record,
)
from services.assessment.models.copies import AccountCopy, File
from services.assessment.models.registers import Assessor, Centre
from services.assessment.models.sittings import Sitting, SittingReport

__all__ = [
    "AccountCopy",
    "Assessor",
    "Assignment",
    "Base",
    "Case",
    "Centre",
    "Consultation",
    "DayRecord",
    "File",
    "Sitting",
    "SittingReport",
    "StoredDeclaration",
    "derive_case_id",
    "make_blank_record",
]
