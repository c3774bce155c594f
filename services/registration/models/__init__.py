"""Registration's tables: accounts and what belongs to signing in, applications and what belongs to their files."""

from services.registration.models.accounts import Account, AccountRole, BrowserSession, FailedSignIn, PasswordReset
from services.registration.models.applications import Application, Document, Identity, Round, SelfAssessment
from services.registration.models.base import Base
from services.registration.models.copies import CaseAccess, Holding, HoldingStatus, Milestone
from services.registration.models.periods import Period, PeriodQuota

__all__ = [
    "Account",
    "AccountRole",
    "Application",
    "Base",
    "BrowserSession",
    "CaseAccess",
    "Document",
    "FailedSignIn",
    "Holding",
    "HoldingStatus",
    "Identity",
    "Milestone",
    "PasswordReset",
    "Period",
    "PeriodQuota",
    "Round",
    "SelfAssessment",
]
