"""What applicants see of their applications, and staff of any of them."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from services.registration.commands.loading import (
    load_own_application,
    load_scheme_to_file_under,
)
from services.registration.domain import application as rules
from services.registration.domain import eligibility
from services.registration.domain.living import compute_renewal_start
from services.registration.domain.verification import ITEMS, Finding
from services.registration.domain.workflow import FORM_OPEN, Stage
from services.registration.models import Application, Holding, HoldingStatus, Milestone, Round
from services.registration.queries import timeline
from services.registration.queries.views import (
    ApplicationLine,
    ApplicationView,
    FindingView,
    MissingView,
    PathView,
    RenewableView,
    RequirementsView,
    RoundView,
    Say,
    describe_documents,
    describe_scheme,
    say_in_indonesian,
)
from shared import clock
from shared.schemes import shipped_schemes
from shared.security.actor import Actor

WHOLE = (selectinload(Application.rounds), selectinload(Application.self_assessments))


def list_own_applications(session: Session, actor: Actor, say: Say = say_in_indonesian) -> list[ApplicationLine]:
    """Return the actor's applications, the newest first."""
    found = session.scalars(
        select(Application)
        .where(Application.applicant_id == actor.id)
        .options(*WHOLE)
        .order_by(Application.created_at.desc(), Application.id)
    ).all()
    milestones = _milestones(session, [application.id for application in found])
    return [_line(application, milestones[application.id], say) for application in found]


def view_own_application(
    session: Session, actor: Actor, application_id: UUID, say: Say = say_in_indonesian
) -> ApplicationView:
    """Return one's own application as a whole. Raises NotFound, also for somebody else's."""
    return describe_application(session, load_own_application(session, actor, application_id, *WHOLE), say)


def describe_application(session: Session, application: Application, say: Say = say_in_indonesian) -> ApplicationView:
    """Return the application as it is now, with what stands against filing it and all that happened to it."""
    # Flushed, so that what is shown has the version and the time of the act before it in this unit of work.
    session.flush()
    happened = timeline.list_timeline_steps(application, _milestones(session, [application.id])[application.id], say)
    form = application.read_form()
    today = clock.today()
    scheme = load_scheme_to_file_under(application)
    is_open = application.state in FORM_OPEN
    problems = rules.list_filing_problems(form, application.kinds, scheme.fee, today) if is_open else {}
    stage = timeline.find_latest_stage(application, happened)
    return ApplicationView(
        **_common(application, stage, say),
        version=application.version,
        applicant_id=application.applicant_id,
        period_id=application.period_id,
        form=form,
        requirements=RequirementsView(
            version=rules.name_requirements_version(scheme),
            shown_at=application.shown_at,
            current=application.shown_version == rules.name_requirements_version(scheme),
        ),
        paths=describe_admission_paths(
            eligibility.judge_admission_paths(form.background(application.kinds), today), say
        ),
        path=application.path,
        problems={field: say(message) for field, message in problems.items()},
        documents=describe_documents(application),
        rounds=[_round(one, say) for one in application.rounds],
        timeline=happened,
        verifier_id=application.verifier_id,
        admitted_at=application.admitted_at,
    )


def describe_admission_paths(found: Iterable[eligibility.Path], say: Say) -> list[PathView]:
    """Return the admission paths in words, each with what is missing."""
    return [
        PathView(
            path=path.code,
            title=say(path.title),
            met=path.met,
            missing=[MissingView(code=one.code, message=say(one.message, **one.params)) for one in path.missing],
        )
        for path in found
    ]


def describe_findings(found: Iterable[Finding], say: Say) -> list[FindingView]:
    """Return the findings with the names of their items."""
    return [
        FindingView(item=one.item, label=say(ITEMS[one.item]), verdict=one.verdict.value, reason=one.reason)
        for one in found
    ]


def list_renewable_certificates(session: Session, actor: Actor) -> list[RenewableView]:
    """Return the certificates in force the actor holds, with when each can be renewed, the first to expire first.

    (process 2.12; domain handbook 10)
    """
    held = session.scalars(
        select(Holding)
        .where(
            Holding.holder_id == actor.id,
            Holding.expires_on >= clock.today(),
            Holding.status.in_((HoldingStatus.VALID, HoldingStatus.SUSPENDED)),
        )
        .order_by(Holding.expires_on)
    )
    return [
        RenewableView(
            number=one.number,
            scheme_title=one.scheme_title,
            expires_on=one.expires_on,
            renewable_from=compute_renewal_start(one.expires_on),
            renewable=compute_renewal_start(one.expires_on) <= clock.today(),
            invited=one.invited_at is not None,
        )
        for one in held
    ]


def _line(application: Application, milestones: Iterable[Milestone], say: Say) -> ApplicationLine:
    happened = timeline.list_timeline_steps(application, milestones, say)
    return ApplicationLine(**_common(application, timeline.find_latest_stage(application, happened), say))


def _common(application: Application, stage: Stage | None, say: Say) -> dict[str, Any]:
    return {
        "id": application.id,
        "state": application.state,
        "stage": stage,
        "status": timeline.describe_status(application, stage, say),
        "next": timeline.describe_next_step(stage, say),
        "scheme": describe_scheme(shipped_schemes().get(application.scheme_id, application.scheme_version)),
        "round": application.round,
        "filed_at": application.filed_at,
        "updated_at": application.updated_at,
        "renews": application.renews,
    }


def _round(one: Round, say: Say) -> RoundView:
    decided = one.decided_at is not None
    return RoundView(
        number=one.number,
        filed_at=one.filed_at,
        outcome=one.outcome,
        note=one.note,
        decided_at=one.decided_at,
        findings=describe_findings(one.found.values(), say) if decided else [],
    )


def _milestones(session: Session, ids: list[UUID]) -> dict[UUID, list[Milestone]]:
    found: dict[UUID, list[Milestone]] = defaultdict(list)
    if ids:
        for one in session.scalars(select(Milestone).where(Milestone.application_id.in_(ids))):
            found[one.application_id].append(one)
    return found
