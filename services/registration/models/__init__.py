"""Registration's tables: accounts and what belongs to signing in, applications and what belongs to their files."""

from services.registration.models.accounts import Account, AccountRole, BrowserSession, DeviceLink, PasswordReset
from services.registration.models.applications import Application, Document, Identity, Round, SelfAssessment
from services.registration.models.base import Base
from services.registration.models.copies import (
    CaseAccess,
    Holding,
    HoldingStatus,
    Milestone,
    Outcome,
    derive_outcome_id,
)
from services.registration.models.factors import RecoveryCode, SecondFactor
from services.registration.models.periods import Period, PeriodQuota
from services.registration.models.photos import Photo, PhotoState
from services.registration.models.request_codes import NO_PERIOD, RequestCodes

__all__ = [
    "NO_PERIOD",
    "Account",
    "AccountRole",
    "Application",
    "Base",
    "BrowserSession",
    "CaseAccess",
    "DeviceLink",
    "Document",
    "Holding",
    "HoldingStatus",
    "Identity",
    "Milestone",
    "Outcome",
    "PasswordReset",
    "Period",
    "PeriodQuota",
    "Photo",
    "PhotoState",
    "RecoveryCode",
    "RequestCodes",
    "Round",
    "SecondFactor",
    "SelfAssessment",
    "derive_outcome_id",
]
