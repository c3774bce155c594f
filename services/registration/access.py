"""Who may use which part of registration; each view names one of these groups, and so do commands that look closer.

A role opens the door. Whose record it is, and whether an assessor has declared impartiality, is asked behind it:
`may_read_evidence` and `may_see_photo`, and the loaders of `commands/loading.py`, which know an applicant's own alone.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.registration.models import Application, CaseAccess, DossierRight, derive_right_id
from shared.contracts.words import Involvement
from shared.errors import N_, Forbidden, Refusal
from shared.involvement.reading import read_involvement
from shared.security.actor import Actor
from shared.security.roles import OFFICERS, Role

APPLICANTS = (Role.APPLICANT,)
"""File, mend, renew and withdraw applications of their own, with photo, evidence and FR-APL-02 (process 2.2, 2.5)."""

VERIFIERS = (Role.SECRETARIAT,)
"""Judge the items of a filed application, return or admit it; never an application of their own (process 2.3, R25)."""

FILE_READERS = (Role.SECRETARIAT, *OFFICERS, Role.AUDITOR)
"""Look into applications once they are filed: who verifies, who answers for the scheme, who audits (process 2.3)."""

DOSSIER_READERS = (Role.SECRETARIAT, *OFFICERS, Role.ASSESSOR, Role.COMPLAINTS_OFFICER)
"""Come to the evidence of a case they decide on, in a meeting or on a panel, once they declared to be impartial."""

EVIDENCE_READERS = (Role.APPLICANT, *DOSSIER_READERS)
"""Come to documents and printed forms at all; `may_read_evidence` says to which (R4). Auditors read no evidence."""

PHOTO_READERS = (Role.SECRETARIAT, *OFFICERS)
"""See the photos made for certificates, beside the persons shown: whoever prepares or signs certificates."""

APPLICANTS_AND_PHOTO_READERS = (*APPLICANTS, *PHOTO_READERS)
"""Come to one photo at all; `may_see_photo` says to which."""

PHOTO_CHECKERS = (Role.SECRETARIAT,)
"""Ask an applicant for another photo when one cannot stand on a certificate (domain handbook 3.3, 5)."""

PERIOD_ANNOUNCERS = (Role.SECRETARIAT,)
"""Announce and change certification periods with their quotas (process 2.1)."""

DATA_READERS = (Role.SECRETARIAT, *OFFICERS, Role.ADMINISTRATOR, Role.AUDITOR)
"""See which schemes, holidays and codes are in force: who works by them, who keeps them, who audits."""

LOST_FILE_READERS = (Role.SECRETARIAT, Role.AUDITOR)
"""See which files the store has lost: who asks for them again, and who audits."""

REQUEST_LIST_TAKERS = (Role.SECRETARIAT, Role.HEAD_OF_CERTIFICATION)
"""Take the list for BNSP: identity numbers stand in it in full, so it is for those who send it (domain handbook 5)."""

ACCOUNT_KEEPERS = (Role.ADMINISTRATOR,)
"""Open, change and deactivate the accounts of others."""

CLOCK_MOVERS = (Role.ADMINISTRATOR,)
"""Move the clock of a trial system; refused on any other."""

AUDIT_READERS = (Role.AUDITOR,)
"""Read the audit log (R26)."""

CONFLICTING = tuple(part for part in Involvement if part not in (Involvement.DECIDED, Involvement.HEARD_APPEAL))
"""Parts in a case that keep out of deciding on it; to sit in its meeting or panel is none (R1, R7, R25)."""

_READERS_OF_ANY_EVIDENCE = (Role.SECRETARIAT,)


def may_read_evidence(session: Session, actor: Actor, application: Application) -> bool:
    """Whether the actor may read the documents and printed forms of this application (R4).

    Its applicant always; nobody else before it was first filed, then the secretariat, the assessor of its case once
    impartiality is declared, and who decides on it, officer or member of a panel, once he or she has declared so.
    """
    if application.applicant_id == actor.id:
        return True
    if application.round == 0:
        return False
    if actor.has(*_READERS_OF_ANY_EVIDENCE) or has_open_dossier(session, actor, application):
        return True
    return actor.has(Role.ASSESSOR) and is_cleared_for_application(session, actor, application.id)


def require_evidence(session: Session, actor: Actor, application: Application, unknown: Refusal) -> None:
    """Refuse who may not read the documents and printed forms of this application.

    Officers are told what opens them: Forbidden `declaration-missing` (R1). Raises `unknown` for everybody else, as if
    there were none.
    """
    if may_read_evidence(session, actor, application):
        return
    if application.round > 0 and actor.has(*OFFICERS):
        raise Forbidden(
            "declaration-missing",
            N_(
                "Dokumen terbuka bagi pejabat setelah menyatakan bebas dari benturan kepentingan pada berkas lengkap"
                " kasusnya, di halaman keputusan."
            ),
        )
    raise unknown


def may_see_photo(actor: Actor, application: Application) -> bool:
    """Whether the actor may see the photo of this application: its applicant, or `PHOTO_READERS` once it was filed."""
    return application.applicant_id == actor.id or (application.round > 0 and actor.has(*PHOTO_READERS))


def is_cleared_for_application(session: Session, actor: Actor, application_id: UUID) -> bool:
    """Whether the actor is the assessor of a case of this application and has declared impartiality for it (R4)."""
    cleared = select(CaseAccess.case_id).where(
        CaseAccess.application_id == application_id, CaseAccess.assessor_id == actor.id, CaseAccess.cleared
    )
    return session.scalar(cleared.limit(1)) is not None


def has_open_dossier(session: Session, actor: Actor, application: Application) -> bool:
    """Whether the actor decides on the case of this application and has declared to be impartial in it (R1, R7).

    Nobody does without one of `DOSSIER_READERS`: the right ends with the last role that seats on a meeting or a panel.
    Nor does who is learnt to be involved after having declared: the record is asked at every look.
    """
    if not actor.has(*DOSSIER_READERS):
        return False
    right = session.get(DossierRight, derive_right_id(application.id, actor.id))
    if right is None or not right.is_open:
        return False
    record = read_involvement(session, application.id, application.applicant_id)
    return actor.id not in record.list_people(*CONFLICTING)
