"""The photos for certificates: one's own, anybody's for the secretariat, and those that are missing."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from services.registration.access import may_see_photo
from services.registration.commands.loading import UNKNOWN, load_application
from services.registration.domain.workflow import State
from services.registration.models import Application, Photo, PhotoState
from services.registration.queries.views import SchemeLine, describe_scheme
from shared.errors import NotFound
from shared.pagination import Page, PageQuery, contains_text, paginate
from shared.schemes import shipped_schemes
from shared.security.actor import Actor

SORTS = {"since": Photo.updated_at, "name": Application.applicant_name}


class PhotoView(BaseModel):
    """`state` is null until the file has come in and its photo is ready; `reason` says why another is needed.

    `path` shows the photo as it will be printed; empty while there is none.
    """

    application_id: UUID
    state: PhotoState | None
    reason: str
    sha256: str
    path: str


class PhotoLine(BaseModel):
    """One photo in the secretariat's list."""

    application_id: UUID
    name: str
    scheme: SchemeLine
    state: PhotoState
    reason: str
    since: datetime


def view_photo(session: Session, actor: Actor, application_id: UUID) -> PhotoView:
    """Return what became of an application's photo. Raises NotFound, also for who may not see it."""
    _readable(session, actor, application_id)
    found = session.get(Photo, application_id)
    return PhotoView(
        application_id=application_id,
        state=found.state if found else None,
        reason=found.reason if found else "",
        sha256=found.sha256 if found else "",
        path=f"/registration/applications/{application_id}/photo.jpg" if found and found.key else "",
    )


def view_name_on_photo(session: Session, application_id: UUID) -> str:
    """Return whose photo it is; the caller has asked who may see it. Raises NotFound."""
    return load_application(session, application_id).applicant_name


def list_photos(session: Session, query: PageQuery) -> Page[PhotoLine]:
    """Return a page of photos in one state (needed, unless asked otherwise), who waits longest first."""
    return paginate(session, _wanted(query), query, _line, sorts=SORTS)


def _wanted(query: PageQuery) -> Select[Any]:
    state = PhotoState.PREPARED if query.status == PhotoState.PREPARED.value else PhotoState.NEEDED
    wanted = (
        select(Photo)
        .join(Application, Application.id == Photo.id)
        .where(Photo.state == state, Application.state != State.WITHDRAWN)
    )
    if query.q:
        wanted = wanted.where(contains_text(query.q, Application.applicant_name))
    return wanted


def _line(photo: Photo) -> PhotoLine:
    application = photo.application
    return PhotoLine(
        application_id=photo.id,
        name=application.applicant_name,
        scheme=describe_scheme(shipped_schemes().get(application.scheme_id, application.scheme_version)),
        state=photo.state,
        reason=photo.reason,
        since=photo.updated_at,
    )


def _readable(session: Session, actor: Actor, application_id: UUID) -> None:
    application = load_application(session, application_id)
    if not may_see_photo(actor, application):
        raise NotFound("application-unknown", UNKNOWN)
