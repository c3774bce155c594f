"""Applications brought as far as a test needs them, by the commands themselves (contoh)."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from services.registration.commands import applications, documents, filing, periods, self_assessment, verification
from services.registration.commands.applications import SaveDraft, StartApplication
from services.registration.commands.documents import AddDocument
from services.registration.commands.filing import FileApplication
from services.registration.commands.periods import AnnouncePeriod
from services.registration.commands.self_assessment import SubmitSelfAssessment
from services.registration.domain.application import DocumentKind
from services.registration.domain.self_assessment import Claim
from services.registration.domain.verification import Finding, Verdict, list_items_to_judge
from services.registration.models import Application, Document, Period
from shared import clock
from shared.contracts.words import Judgement
from shared.schemes import shipped_schemes
from shared.security.actor import Actor
from shared.security.roles import Role
from tests.read_files import read_file_of
from tests.unit.registration.forms import LIBRARY_PROOFS, form

SCHEME = "layanan-dasar"
SIGNED = FileApplication(signature="Sari Contoh", statement=True)


def actor(*roles: Role, name: str = "Sari Contoh") -> Actor:
    return Actor(uuid4(), name, "sari@contoh.test", frozenset(roles or {Role.APPLICANT}))


def secretariat() -> Actor:
    return actor(Role.SECRETARIAT, name="Sekretariat Contoh")


def period(session: Session, quota: int = 10, scheme: str = SCHEME, **changes: Any) -> Period:
    today = clock.today()
    wanted: dict[str, Any] = {
        "title": "Periode contoh",
        "place": "Jakarta",
        "opens_on": today - timedelta(days=1),
        "closes_on": today + timedelta(days=30),
        "quotas": {scheme: quota},
    }
    return periods.announce_period(session, secretariat(), AnnouncePeriod(**(wanted | changes)))


def add_document(session: Session, who: Actor, application_id: UUID, kind: str = "photo") -> Document:
    command = AddDocument(
        DocumentKind(kind), "", read_file_of(f"{kind}.pdf", "application/pdf"), f"documents/aa/{uuid4().hex}"
    )
    return documents.add_document(session, who, application_id, command)


def draft(
    session: Session, who: Actor, proofs: Sequence[str] = LIBRARY_PROOFS, *, scheme: str = SCHEME, **sections: Any
) -> Application:
    """A draft ready to be filed: filled, with its documents, the requirements shown."""
    application = applications.start_application(session, who, StartApplication(scheme_id=scheme))
    applications.save_application(session, who, application.id, SaveDraft(form=form(**sections)))
    for kind in proofs:
        add_document(session, who, application.id, kind)
    applications.record_requirements_shown(session, who, application.id)
    session.flush()
    return application


def filed(session: Session, who: Actor, **sections: Any) -> Application:
    period(session)
    application = draft(session, who, **sections)
    return filing.file_application(session, who, application.id, SIGNED)


def judged(session: Session, verifier: Actor, application: Application, **verdicts: str) -> Application:
    """All items adequate but those named."""
    names = list_items_to_judge(application.read_form(), application.kinds, 0)
    findings = [
        Finding(name, Verdict(verdicts.get(name, "adequate")), "buram" if name in verdicts else "") for name in names
    ]
    return verification.judge_items(session, verifier, application.id, findings)


def admitted(session: Session, who: Actor, verifier: Actor | None = None, **sections: Any) -> Application:
    verifier = verifier or secretariat()
    application = filed(session, who, **sections)
    judged(session, verifier, application)
    return verification.admit_application(session, verifier, application.id)


def claims_for(application: Application, judgement: Judgement = Judgement.K) -> list[Claim]:
    evidence = (application.present[0].id,) if judgement is Judgement.K else ()
    scheme = shipped_schemes().get(application.scheme_id, application.scheme_version)
    return [
        Claim(unit=unit.code, element=element.code, claim=judgement, evidence=evidence)
        for unit in scheme.units
        for element in unit.elements
    ]


def submitted(session: Session, who: Actor, **sections: Any) -> Application:
    application = admitted(session, who, **sections)
    self_assessment.save_self_assessment(session, who, application.id, claims_for(application))
    session.flush()
    return self_assessment.submit_self_assessment(
        session, who, application.id, SubmitSelfAssessment(signature="Sari Contoh", statement=True)
    )
