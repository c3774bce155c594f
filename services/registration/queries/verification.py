"""What the secretariat sees: the files that wait, and one file with its items (process 2.3)."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from services.registration.commands.loading import UNKNOWN, load_application
from services.registration.domain.application import DocumentKind
from services.registration.domain.verification import ITEMS, Verdict, list_doubts_of_form, list_items_to_judge
from services.registration.domain.workflow import State
from services.registration.models import Application
from services.registration.queries import applications
from services.registration.queries.personal_data import hide_personal_data
from services.registration.queries.views import (
    ItemView,
    Say,
    VerificationLine,
    VerificationView,
    describe_document,
    describe_scheme,
    say_in_indonesian,
)
from shared.errors import NotFound
from shared.pagination import Page, PageQuery, contains_text, paginate
from shared.schemes import shipped_schemes
from shared.security.masking import mask_nik

SORTS = {"waiting_since": Application.filed_at, "name": Application.applicant_name, "scheme": Application.scheme_id}


def list_files_to_verify(session: Session, query: PageQuery) -> Page[VerificationLine]:
    """Return a page of files in one state (filed, unless asked otherwise), who waits longest first."""
    return paginate(session, _wanted(query), query, _line, sorts=SORTS)


def view_file_to_verify(session: Session, application_id: UUID, say: Say = say_in_indonesian) -> VerificationView:
    """Return one file: its items with their verdicts so far, and doubts about the NIK.

    The NIK is masked and what was asked of adjustments left out (`personal_data`). Raises NotFound, also for a draft
    that was never filed.
    """
    application = load_application(session, application_id, *applications.WHOLE)
    if application.round == 0:
        raise NotFound("application-unknown", UNKNOWN)
    found = application.rounds[-1].found
    form = application.read_form()
    scheme = shipped_schemes().get(application.scheme_id, application.scheme_version)
    shown = []
    for name in list_items_to_judge(form, application.kinds, scheme.fee):
        finding = found.get(name)
        shown.append(
            ItemView(
                item=name,
                label=say(ITEMS[name]),
                verdict=finding.verdict.value if finding else None,
                reason=finding.reason if finding else "",
                documents=[describe_document(one) for one in application.present if one.kind.value in _evidence(name)],
            )
        )
    return VerificationView(
        application=hide_personal_data(applications.describe_application(session, application, say)),
        items=shown,
        warnings=[say(doubt) for doubt in list_doubts_of_form(form)],
        complete=all(item.verdict == Verdict.ADEQUATE for item in shown),
    )


def _wanted(query: PageQuery) -> Select[Any]:
    state = query.status or State.FILED.value
    wanted = select(Application).where(Application.round > 0)
    if state != "all":
        wanted = wanted.where(Application.state.in_([one for one in State if one.value == state]))
    if query.q:
        wanted = wanted.where(contains_text(query.q, Application.applicant_name))
    return wanted


def _line(application: Application) -> VerificationLine:
    return VerificationLine(
        id=application.id,
        name=application.applicant_name,
        nik=mask_nik(application.nik),
        scheme=describe_scheme(shipped_schemes().get(application.scheme_id, application.scheme_version)),
        state=application.state,
        round=application.round,
        waiting_since=application.filed_at,
        renews=application.renews,
    )


def _evidence(item: str) -> set[str]:
    """The documents that show what an item claims."""
    claims = {
        "education": {DocumentKind.DIPLOMA.value, DocumentKind.TRANSCRIPT.value},
        "trainings": {DocumentKind.TRAINING_CERTIFICATE.value},
        "work": {DocumentKind.WORK_EVIDENCE.value},
    }
    return claims.get(item, {item})
