"""What an applicant does with an application: start, save, see the requirements, file, withdraw (process 2.2)."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services.registration.commands.loading import (
    check_application_version,
    load_own_application,
    load_scheme_to_file_under,
)
from services.registration.commands.renewals import draft_renewal
from services.registration.commands.scheme_holds import hold_scheme, leave_scheme
from services.registration.domain.application import name_requirements_version
from services.registration.domain.form import Code, Form, Personal, Purpose, Section, Version
from services.registration.domain.workflow import FORM_OPEN, STATES, Act, Stage, State, apply_application_act
from services.registration.models import Application, Milestone, PeriodQuota
from shared import clock
from shared.audit import record_act
from shared.contracts.registration import ApplicationWithdrawn
from shared.errors import N_, Conflict, Invalid
from shared.messaging.outbox import announce
from shared.schemes import Scheme, shipped_schemes
from shared.security.actor import Actor


class StartApplication(Section):
    """For one cluster, or to renew a certificate (then the scheme is that of the certificate)."""

    scheme_id: Code | None = None
    renews: Code | None = None


class SaveDraft(Section):
    """The whole form as it is now; `version` is the one it was read with. `scheme_id` chooses another cluster."""

    form: Form
    version: Version = None
    scheme_id: Code | None = None


def start_application(session: Session, actor: Actor, command: StartApplication) -> Application:
    """Begin a draft for one scheme, or one that renews a certificate, filled from the earlier file (process 2.12).

    It takes the person's one place in the scheme (domain handbook 10). Raises Invalid without a scheme, NotFound for an
    unknown one, and what `draft_renewal` and `hold_scheme` raise.
    """
    if command.renews is not None:
        application = draft_renewal(session, actor, command.renews, command.scheme_id)
    else:
        if not command.scheme_id:
            raise Invalid("scheme-missing", N_("Pilih skema."), fields={"scheme_id": N_("Pilih skema.")})
        scheme = shipped_schemes().get(command.scheme_id)
        application = Application(applicant_id=actor.id, scheme_id=scheme.id, scheme_version=scheme.version)
        application.write_form(
            Form(personal=Personal(name=actor.name, email=actor.email), purpose=Purpose.CERTIFICATION)
        )
    session.add(application)
    session.flush()
    hold_scheme(session, application)
    record_act(session, actor, "application:start", application.subject, None, application.describe_for_audit())
    return application


def save_application(session: Session, actor: Actor, application_id: UUID, command: SaveDraft) -> Application:
    """Keep the form as far as it is filled; nothing is checked but its shape (process 2.2; decision 30).

    Raises NotFound, and Conflict once it is filed, when the version shown is no longer the one kept, or when the scheme
    can no longer be changed.
    """
    application = load_own_application(session, actor, application_id)
    check_application_version(application, command.version)
    if application.state not in FORM_OPEN:
        raise Conflict(
            "form-closed",
            N_("Permohonan berstatus “{state}”; formulir hanya dapat diubah sebelum diajukan atau bila dikembalikan."),
            state=STATES[application.state],
        )
    if command.scheme_id and command.scheme_id != application.scheme_id:
        _choose(session, application, shipped_schemes().get(command.scheme_id))
    before = application.read_form()
    application.write_form(command.form)
    record_act(
        session, actor, "application:save", application.subject, None, {"changed": _changed(before, command.form)}
    )
    return application


def record_requirements_shown(session: Session, actor: Actor, application_id: UUID) -> Application:
    """Record which requirements, process, rights and duties the applicant was shown, and when (R20)."""
    application = load_own_application(session, actor, application_id)
    if application.state not in FORM_OPEN:
        raise Conflict("form-closed", N_("Persyaratan hanya dicatat sebelum permohonan diajukan."))
    application.shown_version = name_requirements_version(load_scheme_to_file_under(application))
    application.shown_at = clock.now()
    record_act(
        session,
        actor,
        "application:show-requirements",
        application.subject,
        None,
        {"version": application.shown_version},
    )
    return application


def withdraw_application(session: Session, actor: Actor, application_id: UUID, reason: str = "") -> Application:
    """Withdraw one's own application; before admission its place in the period becomes free for somebody else.

    Raises NotFound, and Conflict when it was withdrawn before or the chair has decided (process 2.9).
    """
    application = load_own_application(session, actor, application_id)
    state = apply_application_act(application.state, Act.WITHDRAW)
    # The decision has its own database: that it was made is known here by its milestone alone.
    decided = select(Milestone.id).where(
        Milestone.application_id == application.id, Milestone.stage.in_((Stage.DECIDED_K, Stage.DECIDED_BK))
    )
    if session.scalar(decided.limit(1)) is not None:
        raise Conflict("application-decided", N_("Permohonan ini sudah diputuskan dan tidak dapat ditarik kembali."))
    before = application.describe_for_audit()
    was_filed = application.round > 0
    if application.state in (State.FILED, State.RETURNED) and application.period_id is not None:
        _give_place_back(session, application)
    application.state, application.withdrawn_at = state, clock.now()
    leave_scheme(session, application.id)
    if was_filed:
        scheme = shipped_schemes().get(application.scheme_id, application.scheme_version)
        announce(
            session,
            application,
            ApplicationWithdrawn(
                application_id=application.id,
                applicant_id=actor.id,
                scheme_id=scheme.id,
                scheme_version=scheme.version,
                scheme_title=scheme.title.id,
                reason=reason,
            ),
        )
    record_act(
        session,
        actor,
        "application:withdraw",
        application.subject,
        before,
        {**application.describe_for_audit(), "reason": reason},
    )
    return application


def _choose(session: Session, application: Application, scheme: Scheme) -> None:
    """One cluster per application; another one asks for its requirements to be shown anew (domain handbook 3.2)."""
    if application.round > 0 or application.renews is not None:
        raise Conflict(
            "scheme-fixed",
            N_("Skema tidak dapat diganti setelah diajukan atau untuk sertifikasi ulang; buat permohonan baru."),
        )
    leave_scheme(session, application.id)
    application.scheme_id, application.scheme_version = scheme.id, scheme.version
    hold_scheme(session, application)
    application.shown_at = application.shown_version = None


def _give_place_back(session: Session, application: Application) -> None:
    session.execute(
        update(PeriodQuota)
        .where(
            PeriodQuota.period_id == application.period_id,
            PeriodQuota.scheme_id == application.scheme_id,
            PeriodQuota.taken > 0,
        )
        .values(taken=PeriodQuota.taken - 1)
        .execution_options(synchronize_session=False)
    )


def _changed(before: Form, now: Form) -> list[str]:
    """The names of the fields that differ, not what is in them."""
    changed = []
    for name in Form.model_fields:
        one, other = getattr(before, name), getattr(now, name)
        if one != other and name in ("personal", "job"):
            changed += [
                f"{name}.{field}" for field in type(one).model_fields if getattr(one, field) != getattr(other, field)
            ]
        elif one != other:
            changed.append(name)
    return changed
