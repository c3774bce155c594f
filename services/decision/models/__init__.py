"""Decision's tables: the officers, the cases and their meetings, the frozen decisions, the appeals."""

from services.decision.models.appeals import Appeal, AppealStep, AppealUnit, PanelMember, Reassessment
from services.decision.models.base import Base
from services.decision.models.cases import DecisionCase, Declaration, Recommendation, SubmittedFile
from services.decision.models.copies import AccountCopy, ApplicationCopy
from services.decision.models.decisions import Counter, Decision
from services.decision.models.meetings import AgendaItem, ItemState, Meeting, MeetingMember, OpinionRow, Recusal
from services.decision.models.officers import Appointment
from services.decision.models.proposals import OfficerProposal

__all__ = [
    "AccountCopy",
    "AgendaItem",
    "Appeal",
    "AppealStep",
    "AppealUnit",
    "ApplicationCopy",
    "Appointment",
    "Base",
    "Counter",
    "Decision",
    "DecisionCase",
    "Declaration",
    "ItemState",
    "Meeting",
    "MeetingMember",
    "OfficerProposal",
    "OpinionRow",
    "PanelMember",
    "Reassessment",
    "Recommendation",
    "Recusal",
    "SubmittedFile",
]
