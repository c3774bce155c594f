"""One person, one scheme, one live application: the place is taken, handed on and left here (domain handbook 10).

The key of `scheme_holds` decides, never a look before: of two who come at once the later one waits for the first, finds
the place taken and is told by what.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.registration.domain.living import (
    DECISIVE,
    Happened,
    compute_renewal_start,
    find_decisive_step,
    is_case_over,
)
from services.registration.domain.workflow import STATES, Stage, State
from services.registration.models import Application, Holding, HoldingStatus, Milestone, SchemeHold
from shared import clock
from shared.database.upsert import insert_into
from shared.errors import N_, Conflict
from shared.schemes import shipped_schemes

IN_FORCE = (HoldingStatus.VALID, HoldingStatus.SUSPENDED)


def hold_scheme(session: Session, application: Application) -> None:
    """Take the applicant's place in the scheme for this application; nothing changes when it has the place.

    What has ended makes room, and so does the certificate that the application renews. Raises Conflict with the way to
    what holds the place: `application-under-way`, `renewal-under-way`, `ways-on-open` or `certificate-in-force`.
    """
    while not _insert(session, application.applicant_id, application.scheme_id, application.id, None):
        hold = _lock(session, application.applicant_id, application.scheme_id)
        if hold is None:  # what held the place left it between the two statements
            continue
        if hold.application_id != application.id or hold.certificate is not None:
            _make_room(session, hold, application)
            hold.application_id, hold.certificate = application.id, None
        return


def leave_scheme(session: Session, application_id: UUID) -> None:
    """The application has ended: its place goes to a certificate in force that the person has, or is free."""
    hold = session.scalars(
        select(SchemeHold)
        .where(SchemeHold.application_id == application_id, SchemeHold.certificate.is_(None))
        .with_for_update()
    ).one_or_none()
    if hold is not None:
        _hand_back(session, hold)


def give_scheme_to_certificate(session: Session, holding: Holding) -> None:
    """A certificate was issued: it takes the place of the application it came of.

    Where another application is under way, as in data of before there was one place, that one keeps it.
    """
    if _insert(session, holding.holder_id, holding.scheme_id, holding.application_id, holding.number):
        return
    hold = _lock(session, holding.holder_id, holding.scheme_id)
    if hold is not None and (hold.application_id == holding.application_id or hold.certificate is not None):
        hold.application_id, hold.certificate = holding.application_id, holding.number


def take_scheme_from_certificate(session: Session, number: str) -> None:
    """A certificate has ended: the place it held is free, unless the person has another one in force."""
    found = select(SchemeHold).where(SchemeHold.certificate == number).with_for_update()
    for hold in session.scalars(found).all():
        _hand_back(session, hold)


def _insert(session: Session, account: UUID, scheme: str, application: UUID, certificate: str | None) -> bool:
    """Whether the place was free; the row of somebody faster is waited for."""
    values = {"account_id": account, "scheme_id": scheme, "application_id": application, "certificate": certificate}
    new = insert_into(session, SchemeHold).values(values)
    done = session.execute(new.on_conflict_do_nothing().returning(SchemeHold.scheme_id))
    return done.first() is not None


def _lock(session: Session, account: UUID, scheme: str) -> SchemeHold | None:
    return session.get(SchemeHold, (account, scheme), with_for_update=True, populate_existing=True)


def _hand_back(session: Session, hold: SchemeHold) -> None:
    session.flush()
    certificate = session.scalars(
        select(Holding)
        .where(
            Holding.holder_id == hold.account_id,
            Holding.scheme_id == hold.scheme_id,
            Holding.status.in_(IN_FORCE),
            Holding.expires_on >= clock.today(),
        )
        .order_by(Holding.expires_on.desc(), Holding.number)
        .limit(1)
    ).one_or_none()
    if certificate is None:
        session.delete(hold)
    else:
        hold.application_id, hold.certificate = certificate.application_id, certificate.number
    session.flush()


def _make_room(session: Session, hold: SchemeHold, application: Application) -> None:
    """Raise Conflict unless what holds the place has ended, or is the certificate that is being renewed."""
    certificate = _find_certificate(session, hold)
    if certificate is not None:
        if is_in_force(certificate) and certificate.number != application.renews:
            raise _certificate_in_force(certificate)
        return
    living = session.get(Application, hold.application_id)
    if living is None or living.state is State.WITHDRAWN:
        return
    happened = _list_decisive_steps(session, living.id)
    if not is_case_over(happened, clock.now()):
        raise _under_way(living, find_decisive_step(happened))


def is_in_force(certificate: Holding) -> bool:
    """Whether the certificate holds today; a suspended one does, until it is withdrawn."""
    return certificate.status in IN_FORCE and certificate.expires_on >= clock.today()


def _find_certificate(session: Session, hold: SchemeHold) -> Holding | None:
    if hold.certificate is not None:
        return session.get(Holding, hold.certificate)
    # Both the certificate and what came before it are known by events, in whatever order.
    return session.scalars(select(Holding).where(Holding.application_id == hold.application_id).limit(1)).one_or_none()


def _list_decisive_steps(session: Session, application_id: UUID) -> list[Happened]:
    found = session.scalars(
        select(Milestone).where(Milestone.application_id == application_id, Milestone.stage.in_(DECISIVE))
    )
    return [Happened(one.stage, one.at, one.data.ways_until) for one in found]


def _certificate_in_force(certificate: Holding) -> Conflict:
    start = compute_renewal_start(certificate.expires_on)
    return Conflict(
        "certificate-in-force",
        N_(
            "Sertifikat Anda {number} untuk skema ini masih berlaku sampai {end}. Selama itu skema ini hanya dapat"
            " disertifikasi ulang, mulai {start}."
        ),
        details={"certificate": certificate.number, "renewable_from": start.isoformat()},
        number=certificate.number,
        end=f"{certificate.expires_on:%d-%m-%Y}",
        start=f"{start:%d-%m-%Y}",
    )


def _under_way(living: Application, last: Happened | None) -> Conflict:
    details: dict[str, Any] = {"application_id": str(living.id)}
    title = shipped_schemes().get(living.scheme_id, living.scheme_version).title.id
    if last is not None and last.stage in (Stage.DECIDED_BK, Stage.APPEAL_REJECTED):
        return Conflict(
            "ways-on-open",
            N_(
                "Permohonan Anda untuk skema {scheme} belum selesai: setelah putusan Belum Kompeten masih ada jalan"
                " lanjutan. Pilih di halaman keputusan; permohonan baru dapat dibuat setelah jalan itu Anda lepaskan"
                " atau berakhir."
            ),
            details=details | {"path": f"/decision/my/{living.id}"},
            scheme=title,
        )
    if living.renews is not None:
        return Conflict(
            "renewal-under-way",
            N_("Sertifikasi ulang untuk {number} sudah berjalan; lanjutkan permohonan itu."),
            details=details,
            number=living.renews,
        )
    return Conflict(
        "application-under-way",
        N_(
            "Anda sudah mempunyai permohonan untuk skema {scheme} (status: {status}). Lanjutkan permohonan itu; satu"
            " orang hanya mempunyai satu permohonan untuk satu skema."
        ),
        details=details,
        scheme=title,
        status=STATES[living.state],
    )
