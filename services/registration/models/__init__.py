"""Registration's tables: accounts and what belongs to signing in, applications and what belongs to their files."""

from services.registration.models.accounts import Account, AccountRole, BrowserSession, DeviceLink, PasswordReset
from services.registration.models.applications import Application, Document, Identity, NikIndex, Round, SelfAssessment
from services.registration.models.base import Base
from services.registration.models.copies import (
    CaseAccess,
    DossierRight,
    Holding,
    HoldingStatus,
    Milestone,
    Outcome,
    derive_outcome_id,
    derive_right_id,
)
from services.registration.models.factors import FactorTries, Passkey, RecoveryCode, SecondFactor
from services.registration.models.periods import Period, PeriodQuota
from services.registration.models.photos import Photo, PhotoState
from services.registration.models.registrations import PendingRegistration
from services.registration.models.request_codes import NO_PERIOD, RequestCodes
from services.registration.models.scheme_holds import SchemeHold
from services.registration.models.staff import StaffIdentity

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
    "DossierRight",
    "FactorTries",
    "Holding",
    "HoldingStatus",
    "Identity",
    "Milestone",
    "NikIndex",
    "Outcome",
    "Passkey",
    "PasswordReset",
    "PendingRegistration",
    "Period",
    "PeriodQuota",
    "Photo",
    "PhotoState",
    "RecoveryCode",
    "RequestCodes",
    "Round",
    "SchemeHold",
    "SecondFactor",
    "SelfAssessment",
    "StaffIdentity",
    "derive_outcome_id",
    "derive_right_id",
]
