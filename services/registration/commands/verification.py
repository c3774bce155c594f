"""The secretariat verifies that a file is complete, returns it with reasons or admits it (process 2.3, 2.4)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.registration.commands.loading import UNKNOWN, load_application
from services.registration.commands.staff_identities import is_nik_of
from services.registration.domain.form import Section
from services.registration.domain.verification import (
    ITEMS,
    OWN,
    Finding,
    Judged,
    Verdict,
    check_every_item_adequate,
    check_findings,
    check_verifier,
    check_verifier_uninvolved,
    list_items_to_judge,
    require_reasons_to_return,
)
from services.registration.domain.workflow import Act, apply_application_act
from services.registration.models import Application, Round
from shared import clock
from shared.access_log import Look, note_looks
from shared.audit import record_act
from shared.contracts.involvement import RegistrationPeopleInvolved
from shared.contracts.registration import ApplicationAdmitted, ApplicationReturned
from shared.contracts.words import Involvement, ItemReason
from shared.errors import Forbidden, NotFound
from shared.involvement.reading import read_involvement
from shared.involvement.recording import record_involvement
from shared.messaging.outbox import announce
from shared.schemes import Scheme, shipped_schemes
from shared.security.actor import Actor
from shared.visible import require_visible


def judge_items(session: Session, actor: Actor, application_id: UUID, findings: Sequence[Finding]) -> Application:
    """Note the verdicts on some items of a filed application; the others keep theirs. May be repeated (process 2.3).

    Raises NotFound, Forbidden for the verifier's own application (R25), Conflict when it is not filed, Invalid with
    `fields` for an unknown item or a "no" without a reason.
    """
    application, current, scheme = _in_hand(session, actor, application_id, Act.ADMIT)
    check_findings(findings, list_items_to_judge(application.read_form(), application.kinds, scheme.fee))
    before = current.findings
    current.findings = before | {
        finding.item: Judged(
            verdict=finding.verdict, reason="" if finding.verdict is Verdict.ADEQUATE else finding.reason.strip()
        )
        for finding in findings
    }
    application.updated_at = clock.now()
    record_involvement(session, application, _verified(application, actor))
    record_act(session, actor, "verification:judge", application.subject, _dumped(before), _dumped(current.findings))
    return application


def return_application(session: Session, actor: Actor, application_id: UUID, note: str = "") -> Application:
    """Return everything to the applicant with the reason for each item that is wanting (process 2.3).

    Raises what `judge_items` raises, and Invalid when no item is wanting.
    """
    application, current, scheme = _in_hand(session, actor, application_id, Act.RETURN)
    wanting = require_reasons_to_return(current.found)
    before = {"state": application.state}
    application.state = apply_application_act(application.state, Act.RETURN)
    _close(actor, current, "returned", note)
    announce(
        session,
        application,
        ApplicationReturned(
            application_id=application.id,
            applicant_id=application.applicant_id,
            scheme_id=scheme.id,
            scheme_version=scheme.version,
            scheme_title=scheme.title.id,
            round=application.round,
            reasons=[ItemReason(item=ITEMS[finding.item], reason=finding.reason) for finding in wanting],
            note=current.note,
            verifier_id=actor.id,
        ),
    )
    record_involvement(session, application, _verified(application, actor))
    record_act(session, actor, "verification:return", application.subject, before, {"state": application.state})
    return application


class RevealNik(Section):
    """Why the whole NIK is needed; the person reads it in the access log."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=5, max_length=300), require_visible(3)]


def reveal_nik(session: Session, actor: Actor, application_id: UUID, command: RevealNik) -> str:
    """Return the NIK of a filed application in full, and note who saw it and why (UU 27/2022). Raises NotFound."""
    application = load_application(session, application_id)
    if application.round == 0 or not application.nik:
        raise NotFound("application-unknown", UNKNOWN)
    note_looks(session, actor, [application.applicant_id], Look.NIK, application.subject, command.reason)
    record_act(session, actor, "nik:reveal", application.subject, None, {"reason": command.reason})
    return application.nik


def admit_application(session: Session, actor: Actor, application_id: UUID) -> Application:
    """Admit a complete file, so that FR-APL-02 opens (process 2.4).

    The verifier's id is announced with it, for who may assess, decide and sit on a panel (R7, R25). Raises NotFound,
    Forbidden for the verifier's own application, Conflict when it is not filed or an item is not adequate.
    """
    application, current, scheme = _in_hand(session, actor, application_id, Act.ADMIT)
    check_every_item_adequate(
        current.found, list_items_to_judge(application.read_form(), application.kinds, scheme.fee)
    )
    before = {"state": application.state}
    application.state = apply_application_act(application.state, Act.ADMIT)
    application.verifier_id = actor.id
    application.admitted_at = _close(actor, current, "admitted", "")
    announce(
        session,
        application,
        ApplicationAdmitted(
            application_id=application.id,
            applicant_id=application.applicant_id,
            scheme_id=scheme.id,
            scheme_version=scheme.version,
            scheme_title=scheme.title.id,
            verifier_id=actor.id,
            admitted_at=application.admitted_at,
            path=application.path or "",
        ),
    )
    record_involvement(session, application, _verified(application, actor))
    record_act(session, actor, "verification:admit", application.subject, before, {"state": application.state})
    return application


def _in_hand(session: Session, actor: Actor, application_id: UUID, act: Act) -> tuple[Application, Round, Scheme]:
    """The filed application with its current round; refused to its own applicant and to who has another part (R25)."""
    application = load_application(session, application_id)
    check_verifier(actor.id, application.applicant_id)
    if is_nik_of(session, actor.id, application.nik):
        raise Forbidden("own-application", OWN)
    check_verifier_uninvolved(actor.id, read_involvement(session, application.id, application.applicant_id))
    apply_application_act(application.state, act)
    current = session.scalars(
        select(Round).where(Round.application_id == application.id, Round.number == application.round)
    ).one()
    return application, current, shipped_schemes().get(application.scheme_id, application.scheme_version)


def _verified(application: Application, actor: Actor) -> RegistrationPeopleInvolved:
    return RegistrationPeopleInvolved(
        application_id=application.id,
        applicant_id=application.applicant_id,
        people=[actor.id],
        part=Involvement.VERIFIED,
        since=clock.now(),
    )


def _dumped(findings: Mapping[str, Judged]) -> dict[str, Any]:
    return {item: judged.model_dump(mode="json") for item, judged in findings.items()}


def _close(actor: Actor, current: Round, outcome: str, note: str) -> datetime:
    now = clock.now()
    current.outcome, current.note, current.decided_at = outcome, note.strip(), now
    current.verifier_id, current.verifier_name = actor.id, actor.name
    return now
