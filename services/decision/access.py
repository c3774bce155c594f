"""Who may use which part of the decision stage.

Each view names one of the groups below. A group is what the account's roles allow; whether an officer is named for the
office today (R13) is asked where the act is done, with the `require_` functions.
"""

from sqlalchemy.orm import Session

from services.decision.domain.roster import require_officer
from services.decision.queries.officers import find_office_today, list_terms
from shared import clock
from shared.security.actor import Actor
from shared.security.roles import OFFICERS, Role

CANDIDATES = (Role.APPLICANT,)
"""Read what was decided about them, and appeal against it (process 2.9, 2.10)."""

ASSESSORS = (Role.ASSESSOR,)
"""Learn what became of their recommendations; the reasons of the decision stay with those who met (process 2.9)."""

STAFF = tuple(role for role in Role if role not in CANDIDATES)
"""Have the work list in the menu; candidates come to theirs from the pages about them."""

READERS = (*OFFICERS, Role.SECRETARIAT, Role.AUDITOR)
"""Read cases and meetings (process 2.8, 2.9)."""

MANAGERS = (Role.CHAIR, Role.HEAD_OF_CERTIFICATION, Role.SECRETARIAT)
"""Call and run meetings; the officers among them only while they are named (R13)."""

MANAGING_OFFICERS = (Role.CHAIR, Role.HEAD_OF_CERTIFICATION)
"""Those of them who must be named for their office; the secretariat is not."""

LOST_FILE_READERS = (*MANAGERS, Role.AUDITOR)
"""See which minutes the store has lost: who runs meetings, and who audits."""

OFFICE_KEEPERS = (Role.ADMINISTRATOR,)
"""Note whom the body named for an office and from when to when (R13); it gives them no voice in a meeting."""

READERS_AND_OFFICE_KEEPERS = (*READERS, *OFFICE_KEEPERS)
"""See who holds which office."""

MEMBERS = OFFICERS
"""Speak in a meeting and keep out of cases; who of them decides is the domain's business (R13)."""

NAMERS = (Role.CHAIR, Role.HEAD_OF_QUALITY_CONTROL)
"""Name an appeal's panel, while they are named for their office (R13)."""

HEARERS = (*OFFICERS, Role.ASSESSOR, Role.COMPLAINTS_OFFICER, Role.SECRETARIAT)
"""Roles that panel members come from; whoever of them is not on the panel finds no appeal (R10)."""

READING_WATCHERS = (Role.CHAIR, Role.AUDITOR)
"""See who has declared in a case and opened its file, and when: who answers for the decision, and who audits."""

APPEAL_READERS = (*HEARERS, Role.AUDITOR)
"""Open an appeal by its address: who hears it, and the auditor who looks over everything."""

APPEAL_OVERSEERS = (*OFFICERS, Role.AUDITOR)
"""Read every appeal, on its panel or not; never an assessor as such (R10)."""


def is_manager_today(session: Session, actor: Actor) -> bool:
    """Whether the actor runs meetings: the secretariat, or the chair or head of certification named for today."""
    return actor.has(Role.SECRETARIAT) or find_office_today(session, actor.id) in MANAGING_OFFICERS


def is_panel_namer_today(session: Session, actor: Actor) -> bool:
    """Whether the actor names panels: the chair or the head of quality control named for today."""
    return find_office_today(session, actor.id) in NAMERS


def require_manager(session: Session, actor: Actor) -> None:
    """Refuse whoever does not run meetings today. Raises Forbidden `not-named-officer` (R13)."""
    if not actor.has(Role.SECRETARIAT):
        require_officer(list_terms(session), actor.id, clock.today(), *MANAGING_OFFICERS)


def require_panel_namer(session: Session, actor: Actor) -> None:
    """Refuse whoever does not name an appeal's panel today. Raises Forbidden `not-named-officer` (R13)."""
    require_officer(list_terms(session), actor.id, clock.today(), *NAMERS)
