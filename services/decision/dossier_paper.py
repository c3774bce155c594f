"""The whole file of a case as one PDF: contents, form, evidence with hashes, record, recommendation (R12)."""

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from services.decision.commands import looking
from services.decision.domain.deviations import DEVIATION_TEXTS
from services.decision.minutes import write_plain_text
from services.decision.queries.dossier_views import DossierView, EvidenceView, UnitDossier
from services.decision.words import METHOD_NAMES
from shared import clock
from shared.clock import JAKARTA
from shared.contracts.words import Judgement
from shared.database.unit import Database
from shared.documents import render_pdf
from shared.schemes import Method
from shared.security.actor import Actor
from shared.settings import settings

TEMPLATE = Path(__file__).parent / "documents" / "dossier.typ"


def load_dossier_paper(database: Database, actor: Actor, case_id: UUID, attempt: int | None) -> tuple[str, bytes]:
    """File name and bytes; that the actor takes it is noted before it is made. Raises what `open_dossier` raises."""
    with database.unit_of_work() as session:
        found = looking.open_dossier(session, actor, case_id, attempt)
    # Outside any transaction: setting takes a while.
    pdf = render_pdf(TEMPLATE, _plain(describe_dossier_paper(found, actor.name)))
    return f"berkas-{found.case.id}.pdf", pdf


def describe_dossier_paper(found: DossierView, reader: str) -> dict[str, Any]:
    """What the template is filled with: in Indonesian, as the body keeps its records."""
    return {
        "issuer": settings().lsp_name,
        "applicant": found.case.applicant_name,
        "scheme": f"{found.case.scheme_title} ({found.scheme_version})",
        "attempt": "Asesmen pertama" if found.attempt == 0 else f"Asesmen ulang ke-{found.attempt}",
        "reader": f"{reader}, {clock.now().astimezone(JAKARTA):%Y-%m-%d %H.%M} WIB",
        "has_file": found.has_file,
        "has_record": found.has_record,
        "deviations": [(DEVIATION_TEXTS[one.kind], one.about, one.note) for one in found.deviations],
        "form": [(section.title, section.rows) for section in found.form],
        "signature": found.signature,
        "evidence": [_evidence(one) for one in found.evidence],
        "units": [_unit(one) for one in found.units],
        "assessor": found.assessor_name,
        "assessed_on": found.assessed_on.isoformat(),
        "met_until": _day(found.met_valid_until),
        "centre_until": _day(found.centre_verified_until),
        "place": found.place,
        "note": found.note or "–",
        "file_hash": found.file_hash,
        "record_hash": found.record_hash,
    }


def _evidence(one: EvidenceView) -> dict[str, Any]:
    check = one.check
    if check is None:
        found = "Belum diperiksa asesor"
    else:
        found = "Valid, asli, terkini, memadai" if check.is_sound else "Dengan catatan"
    return {
        "title": one.title,
        "sha256": one.sha256,
        "address": f"{settings().public_url.rstrip('/')}{one.address}",
        "found": f"{found}. {check.note}" if check and check.note else found,
    }


def _unit(one: UnitDossier) -> dict[str, Any]:
    return {
        "code": one.unit,
        "title": one.title,
        "recommended": _judged(one.recommended),
        "shown": _judged(one.shown),
        "note": one.note,
        "plan": ". ".join(part for part in (one.approach, ", ".join(one.tools)) if part) or "–",
        "methods": [
            (METHOD_NAMES[cell.method] if isinstance(cell.method, Method) else cell.method, _judged(cell.found))
            for cell in one.methods
        ],
        "claims": [
            (claim.title, _judged(claim.claim), ", ".join(claim.evidence) or "–", claim.note) for claim in one.claims
        ],
        "further": [f"{each.title}. {each.note}" for each in one.further],
    }


def _day(value: date | None) -> str:
    return value.isoformat() if value else "tidak tercatat"


def _judged(found: Judgement | None) -> str:
    return found.value if found else "–"


def _plain(value: Any) -> Any:
    """Every text in the value as the fonts can set it."""
    if isinstance(value, str):
        return write_plain_text(value)
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
