"""FR-APL-01 and FR-APL-02 on paper: filled in, with room for signatures (domain handbook 3.2)."""

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session, selectinload

from services.registration.access import require_evidence
from services.registration.commands.loading import UNKNOWN, load_application
from services.registration.commands.self_assessment import read_latest_claims
from services.registration.domain.application import KINDS
from services.registration.domain.form import PURPOSES, Form
from services.registration.models import Application
from services.registration.queries.personal_data import hide_in_form
from shared.access_log import Look, note_looks
from shared.audit import record_act
from shared.clock import JAKARTA
from shared.documents import render_pdf
from shared.errors import N_, Conflict, NotFound
from shared.schemes import Scheme, shipped_schemes
from shared.security.actor import Actor
from shared.settings import settings

TEMPLATES = Path(__file__).parent / "documents"
MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
SEXES = {"L": "Laki-laki", "P": "Perempuan"}


class PrintableForm(StrEnum):
    """The name is that of the template, and of the file given out."""

    APL_01 = "fr-apl-01"
    APL_02 = "fr-apl-02"


def read_data_to_print(session: Session, actor: Actor, application_id: UUID, form: PrintableForm) -> dict[str, Any]:
    """Return what the printed form holds, for who `may_read_evidence`; that it was printed is audited.

    Raises NotFound for anybody else, and Conflict for an FR-APL-02 that is not open yet (process 2.4).
    """
    application = load_application(
        session, application_id, selectinload(Application.rounds), selectinload(Application.self_assessments)
    )
    require_evidence(session, actor, application, NotFound("application-unknown", UNKNOWN))
    note_looks(session, actor, [application.applicant_id], Look.PRINTED_FORM, application.subject)
    record_act(session, actor, "application:print", application.subject, None, {"form": form.value})
    scheme = shipped_schemes().get(application.scheme_id, application.scheme_version)
    if form is PrintableForm.APL_01:
        whole = application.read_form()
        shown = whole if application.applicant_id == actor.id else hide_in_form(whole)
        return _head(application, scheme) | _application_form(application, shown)
    if application.admitted_at is None:
        raise Conflict("self-assessment-not-open", N_("FR-APL-02 tersedia setelah permohonan dinyatakan lengkap."))
    return _head(application, scheme) | _self_assessment(application, scheme)


def render_form(form: PrintableForm, data: dict[str, Any]) -> bytes:
    """Return the form as PDF. Rendering takes time: call it outside a unit of work."""
    return render_pdf(TEMPLATES / f"{form.value}.typ", data)


def write_paper_day(value: date | None) -> str:
    """Return a day as `5 Mei 1990`, empty for None: paper is Indonesian whatever language the screen speaks."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}" if value else ""


def _head(application: Application, scheme: Scheme) -> dict[str, Any]:
    return {
        "body": settings().lsp_name,
        "reference": str(application.id),
        "name": application.applicant_name,
        "scheme": scheme.title.id,
        "scheme_version": scheme.version,
        "standard": f"{scheme.standard.title} ({scheme.standard.reference})",
        "units": [{"code": unit.code, "title": unit.title.id} for unit in scheme.units],
    }


def _application_form(application: Application, form: Form) -> dict[str, Any]:
    personal = form.personal
    filed = application.rounds[-1] if application.rounds else None
    return {
        "nik": personal.nik,
        "personal": [
            ("Nama lengkap", personal.name),
            ("NIK", personal.nik),
            (
                "Tempat, tanggal lahir",
                ", ".join(part for part in (personal.birth_place, write_paper_day(personal.birth_date)) if part),
            ),
            ("Jenis kelamin", SEXES.get(personal.sex, "")),
            ("Kebangsaan", personal.nationality),
            ("Alamat", personal.address),
            ("Kode kota / provinsi", _joined(" / ", personal.city_code, personal.province_code)),
            ("Telepon", personal.phone),
            ("Surel", personal.email),
        ],
        "education": [
            (one.level.value, one.field, "Ya" if one.library_science else "Tidak", one.institution, str(one.year or ""))
            for one in form.education
        ],
        "trainings": [
            (one.title, one.organiser, write_paper_day(one.held_on), "Ya" if one.competency_based else "Tidak")
            for one in form.trainings
        ],
        "work": [
            (
                one.employer,
                one.position,
                write_paper_day(one.since),
                write_paper_day(one.until) if one.until else "sekarang",
                "Ya" if one.matches_scheme else "Tidak",
            )
            for one in form.work
        ],
        "job": [
            ("Lembaga", form.job.employer),
            ("Jabatan", form.job.position),
            ("Alamat kantor", form.job.address),
            ("Telepon kantor", form.job.phone),
            ("Surel kantor", form.job.email),
        ],
        "purpose": PURPOSES.get(form.purpose, ""),
        "renews": application.renews or "",
        "adjustment": "Ya" if application.adjustment else "Tidak",
        "documents": [(KINDS[one.kind], one.title) for one in application.present],
        "signature": filed.signature if filed else "",
        "signed_on": write_paper_day(filed.filed_at.astimezone(JAKARTA).date()) if filed else "",
    }


def _joined(separator: str, *parts: str) -> str:
    return separator.join(part for part in parts if part)


def _self_assessment(application: Application, scheme: Scheme) -> dict[str, Any]:
    claims = {(claim.unit, claim.element): claim for claim in read_latest_claims(application, scheme)}
    titles = {document.id: document.title for document in application.documents}
    sent = [one for one in application.self_assessments if one.submitted_at is not None]
    latest = sent[-1] if sent else None
    return {
        "units": [
            {
                "code": unit.code,
                "title": unit.title.id,
                "elements": [
                    {
                        "code": element.code,
                        "title": element.title.id,
                        "criteria": [(one.code, one.text) for one in element.criteria],
                        "k": "X" if claims[unit.code, element.code].claim == "K" else "",
                        "bk": "X" if claims[unit.code, element.code].claim == "BK" else "",
                        "evidence": "; ".join(
                            titles[one] for one in claims[unit.code, element.code].evidence if one in titles
                        ),
                        "note": claims[unit.code, element.code].note,
                    }
                    for element in unit.elements
                ],
            }
            for unit in scheme.units
        ],
        "signature": latest.signature if latest else "",
        "signed_on": write_paper_day(latest.submitted_at.astimezone(JAKARTA).date())
        if latest and latest.submitted_at
        else "",
    }
