"""Recertification: a draft filled from the earlier file, every requirement to be checked anew (process 2.12; R18)."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from services.registration.commands.scheme_holds import is_in_force
from services.registration.domain.form import Purpose
from services.registration.domain.living import compute_renewal_start
from services.registration.models import Application, Document, Holding
from shared import clock
from shared.errors import N_, Conflict, Invalid, NotFound
from shared.schemes import shipped_schemes
from shared.security.actor import Actor


def draft_renewal(session: Session, actor: Actor, number: str, scheme_id: str | None) -> Application:
    """Return a new draft that renews the actor's own certificate, invited or not, under the scheme version in force.

    It is filled from the earlier file; every requirement is checked anew when it is filed (process 2.12; R18). Raises
    NotFound for a certificate that is not the actor's, Invalid for another scheme, Conflict when it has expired or was
    withdrawn (then a new application is the way) or when it is too early, more than 12 months before its end.
    """
    holding = session.get(Holding, number)
    if holding is None or holding.holder_id != actor.id:
        raise NotFound("certificate-unknown", N_("Sertifikat {number} tidak ada atas nama Anda."), number=number)
    if scheme_id not in (None, "", holding.scheme_id):
        message = N_("Sertifikasi ulang memakai skema sertifikat yang diperpanjang.")
        raise Invalid("other-scheme", message, fields={"scheme_id": message})
    check_certificate_renewable(holding)
    return _filled_from(session, holding, actor)


def check_certificate_renewable(holding: Holding) -> None:
    """Raise Conflict unless the certificate is in force and within 12 months of its end (domain handbook 10)."""
    if not is_in_force(holding):
        raise Conflict(
            "certificate-not-renewable",
            N_("Sertifikat {number} sudah berakhir atau dicabut; ajukan permohonan baru."),
            number=holding.number,
        )
    start = compute_renewal_start(holding.expires_on)
    if clock.today() < start:
        raise Conflict(
            "renewal-too-early",
            N_("Sertifikat {number} berlaku sampai {end}. Sertifikasi ulang dapat diajukan mulai {start}."),
            details={"renewable_from": start.isoformat()},
            number=holding.number,
            end=f"{holding.expires_on:%d-%m-%Y}",
            start=f"{start:%d-%m-%Y}",
        )


def _filled_from(session: Session, holding: Holding, actor: Actor) -> Application:
    scheme = shipped_schemes().get(holding.scheme_id)
    application = Application(
        applicant_id=actor.id, scheme_id=scheme.id, scheme_version=scheme.version, renews=holding.number
    )
    earlier = (
        session.scalars(
            select(Application)
            .where(Application.id == holding.application_id, Application.applicant_id == actor.id)
            .options(joinedload(Application.documents))
        )
        .unique()
        .one_or_none()
    )
    if earlier is None:
        raise NotFound("earlier-file-unknown", N_("Berkas permohonan untuk sertifikat ini tidak ditemukan."))
    form = earlier.read_form()
    application.write_form(form.model_copy(update={"purpose": Purpose.RECERTIFICATION, "adjustment": ""}))
    now = clock.now()
    application.documents = [
        Document(
            kind=document.kind,
            title=document.title,
            file_name=document.file_name,
            content_type=document.content_type,
            size=document.size,
            sha256=document.sha256,
            sent_sha256=document.sent_sha256,
            preview=document.preview,
            key=document.key,
            uploaded_at=now,
            active_content=document.active_content,
        )
        for document in earlier.present
    ]
    return application
