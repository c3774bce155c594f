"""Filing FR-APL-01 (process 2.2). Many come at once when a period opens, so it reads all it needs in one query."""

from typing import cast
from uuid import UUID

from sqlalchemy import Date, Select, Table, bindparam, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from services.registration.commands import identities
from services.registration.commands.loading import (
    check_application_version,
    load_scheme_to_file_under,
    require_application,
)
from services.registration.commands.renewals import check_certificate_renewable
from services.registration.commands.scheme_holds import hold_scheme
from services.registration.domain import application as rules
from services.registration.domain.form import Line, Section, Version
from services.registration.domain.workflow import Act, apply_application_act
from services.registration.models import Application, Holding, Identity, Period, PeriodQuota, Round, SchemeHold
from shared import clock
from shared.audit import record_act
from shared.contracts.registration import ApplicationFiled
from shared.errors import N_, Conflict, Invalid
from shared.messaging.outbox import announce
from shared.schemes import Scheme
from shared.security.actor import Actor

NIK_TAKEN = N_("NIK ini sudah dipakai akun lain. Hubungi sekretariat bila ini NIK Anda.")


class FileApplication(Section):
    """The signature is one's own name; `statement` says that all is true and that the requirements are met (R19)."""

    signature: Line
    statement: bool
    version: Version = None


def file_application(session: Session, actor: Actor, application_id: UUID, command: FileApplication) -> Application:
    """File FR-APL-01: signed, complete, on an admission path, in an open period with a place left, and return it.

    It is refused as a whole and the draft stays as it was. Raises NotFound; Invalid with `fields`, or with
    `details.paths` when no admission path is met; Conflict for the state, the version, the period or its quota, and
    for another application of the person that holds the scheme (`hold_scheme`).
    (process 2.2; R19, R20, R27; domain handbook 3.1, 10; decision 30)
    """
    application, open_period, identity, living = _to_file(session, actor, application_id)
    check_application_version(application, command.version)
    state = apply_application_act(application.state, Act.FILE)
    if living != application.id:  # begun before there was one place for each scheme
        hold_scheme(session, application)
    if application.renews is not None and application.round == 0:
        check_certificate_renewable(session.get_one(Holding, application.renews))
    scheme = load_scheme_to_file_under(application)
    form = application.read_form()
    path = rules.check_application_to_file(form, application.kinds, scheme.fee, clock.today())
    marks = identities.list_marks(application)
    if identities.is_taken(session, actor.id, marks):
        raise Invalid("nik-taken", NIK_TAKEN, fields={"personal.nik": NIK_TAKEN})
    if application.shown_version != rules.name_requirements_version(scheme):
        raise Invalid(
            "requirements-not-shown",
            N_("Baca dahulu persyaratan, proses, hak, dan kewajiban untuk skema ini."),
            fields={"requirements": N_("Nyatakan bahwa Anda sudah membacanya.")},
        )
    rules.check_signature(command.signature, form.personal.name, statement=command.statement)
    # A renewal takes no place: its time is set by the certificate, not by a period (decision 30).
    takes_place = application.round == 0 and application.renews is None
    if takes_place and open_period is None:
        raise _no_place(session, scheme)
    before = application.describe_for_audit()
    now = clock.now()
    application.scheme_version = scheme.version
    application.state, application.path, application.filed_at = state, path.code, now
    application.round += 1
    if takes_place:
        application.period_id = open_period
    _bind_nik(session, application, identity, marks)
    session.add(_round(application, command.signature))
    announce(
        session,
        application,
        ApplicationFiled(
            application_id=application.id,
            applicant_id=actor.id,
            scheme_id=scheme.id,
            scheme_version=scheme.version,
            scheme_title=scheme.title.id,
            round=application.round,
            filed_at=now,
            period_id=application.period_id,
            renews=application.renews,
        ),
    )
    record_act(session, actor, "application:file", application.subject, before, application.describe_for_audit())
    session.flush()
    if takes_place and open_period is not None:
        _take_place(session, open_period, scheme)
    return application


def _all_that_filing_looks_at() -> Select[Application, UUID, Identity, UUID]:
    """The application with its documents, a period open for its scheme, the person's identity, and which application
    holds the person's place in the scheme.

    One query, built once: making it costs more than running it.
    """
    day = bindparam("day", type_=Date)
    open_period = (
        select(PeriodQuota.period_id)
        .join(Period, Period.id == PeriodQuota.period_id)
        .where(
            PeriodQuota.scheme_id == Application.scheme_id,
            PeriodQuota.taken < PeriodQuota.quota,
            Period.opens_on <= day,
            Period.closes_on >= day,
        )
        .order_by(Period.closes_on, Period.id)
        .limit(1)
        .correlate(Application)
        .scalar_subquery()
    )
    living = (
        select(SchemeHold.application_id)
        .where(
            SchemeHold.account_id == Application.applicant_id,
            SchemeHold.scheme_id == Application.scheme_id,
            SchemeHold.certificate.is_(None),
        )
        .correlate(Application)
        .scalar_subquery()
    )
    return (
        select(Application, open_period, Identity, living)
        .outerjoin(Identity, Identity.account_id == Application.applicant_id)
        .where(Application.id == bindparam("application"), Application.applicant_id == bindparam("applicant"))
        .options(joinedload(Application.documents))
    )


TO_FILE = _all_that_filing_looks_at()
QUOTAS = cast(Table, PeriodQuota.__table__)
TAKE_PLACE = (
    QUOTAS.update()
    .where(
        QUOTAS.c.period_id == bindparam("period"),
        QUOTAS.c.scheme_id == bindparam("scheme"),
        QUOTAS.c.taken < QUOTAS.c.quota,
    )
    .values(taken=QUOTAS.c.taken + 1)
    .returning(QUOTAS.c.taken)
)


def _to_file(
    session: Session, actor: Actor, application_id: UUID
) -> tuple[Application, UUID | None, Identity | None, UUID | None]:
    asked = {"application": application_id, "applicant": actor.id, "day": clock.today()}
    row = session.execute(TO_FILE, asked).unique().one_or_none()
    if row is None:
        return require_application(None), None, None, None
    return row[0], row[1], row[2], row[3]


def _bind_nik(session: Session, application: Application, identity: Identity | None, marks: list[str]) -> None:
    """Two accounts filing with one NIK at the same moment: the database lets one of them in."""
    try:
        identities.bind_nik(session, application, identity, marks)
    except IntegrityError as error:
        if "nik_index" not in str(error.orig):
            raise
        raise Conflict("nik-taken", NIK_TAKEN, fields={"personal.nik": NIK_TAKEN}) from error


def _round(application: Application, signature: str) -> Round:
    return Round(
        application_id=application.id,
        number=application.round,
        filed_at=application.filed_at,
        signature=signature,
        form=application.form,
        nik=application.nik,
        adjustment=application.adjustment,
        document_ids=[str(document.id) for document in application.present],
        findings={},
    )


def _take_place(session: Session, period_id: UUID, scheme: Scheme) -> None:
    """Count the place last, so that the row that everybody waits for is held shortest; it never passes the quota."""
    if session.execute(TAKE_PLACE, {"period": period_id, "scheme": scheme.id}).first() is None:
        raise _quota_full(scheme)


def _no_place(session: Session, scheme: Scheme) -> Conflict:
    """Why there is no place: no period is open for the scheme, or its quota is used up."""
    day = clock.today()
    found = session.scalar(
        select(func.count())
        .select_from(PeriodQuota)
        .join(Period, Period.id == PeriodQuota.period_id)
        .where(PeriodQuota.scheme_id == scheme.id, Period.opens_on <= day, Period.closes_on >= day)
    )
    if found:
        return _quota_full(scheme)
    return Conflict(
        "no-open-period",
        N_("Belum ada periode sertifikasi yang dibuka untuk skema {scheme}. Rancangan Anda tersimpan."),
        scheme=scheme.title.id,
    )


def _quota_full(scheme: Scheme) -> Conflict:
    return Conflict(
        "quota-full",
        N_("Kuota skema {scheme} pada periode ini sudah penuh. Rancangan Anda tersimpan; tunggu periode berikutnya."),
        scheme=scheme.title.id,
    )
