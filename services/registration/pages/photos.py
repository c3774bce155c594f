"""The photo for the certificate on pages: seen by its owner and the secretariat, asked for anew, replaced."""

from typing import Annotated
from uuid import UUID

from pydantic import Field
from werkzeug.wrappers import Response

from services.registration import photo_making
from services.registration.access import APPLICANTS, APPLICANTS_AND_PHOTO_READERS, PHOTO_CHECKERS, PHOTO_READERS
from services.registration.api.photos import serve_prepared_photo, store_replacing_photo
from services.registration.commands import photos as commands
from services.registration.commands.photos import AskForAnother
from services.registration.domain.form import Section
from services.registration.models import PhotoState
from services.registration.pages.blueprint import pages
from services.registration.queries import photos as queries
from shared.errors import N_
from shared.web import (
    Form,
    PageQuery,
    allow,
    current_actor,
    leave_notice,
    read_query,
    reading,
    redirect_to,
    render_page,
    take_upload,
    unit_of_work,
)


class Replace(Section):
    """The form has nothing but its file."""

    file: Annotated[str, Field(max_length=200)] = ""


@pages.get("/photos")
@allow(PHOTO_READERS)
def show_photos() -> Response:
    """List the photos that keep a certificate waiting, or those that are ready."""
    query = read_query(PageQuery)
    with reading() as session:
        found = queries.list_photos(session, query)
    return render_page("registration/photos/list.html", found=found, query=query, states=list(PhotoState))


@pages.get("/applications/<uuid:application_id>/photo.jpg")
@allow(APPLICANTS_AND_PHOTO_READERS)
def show_photo_file(application_id: UUID) -> Response:
    """Show the JPEG as it will be printed."""
    return serve_prepared_photo(application_id)


@pages.route("/applications/<uuid:application_id>/photo", methods=["GET", "POST"])
@allow(APPLICANTS)
@take_upload
def show_own_photo(application_id: UUID) -> Response:
    """Show one's own photo as it will be printed, and take another when it was asked for."""
    form = Form(Replace)
    if form.submitted():
        upload = form.upload("file", types=photo_making.TYPES)
        if upload is not None:
            with form.refusing():
                store_replacing_photo(application_id, upload)
                leave_notice(N_("Foto sudah diunggah dan sedang disiapkan untuk sertifikat."))
                return redirect_to("pages.show_application", application_id=application_id)
    with reading() as session:
        found = queries.view_photo(session, current_actor(), application_id)
    return render_page("registration/photos/own.html", form=form, found=found)


@pages.route("/photos/<uuid:application_id>", methods=["GET", "POST"])
@allow(PHOTO_READERS)
def show_photo(application_id: UUID) -> Response:
    """Show one photo to staff; the secretariat may ask for another."""
    form = Form(AskForAnother)
    may_act = current_actor().has(*PHOTO_CHECKERS)
    if may_act and form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                commands.ask_for_another_photo(session, current_actor(), application_id, form.value)
            leave_notice(N_("Pemohon sudah diminta mengunggah foto lain."))
            return redirect_to("pages.show_photos")
    with reading() as session:
        found, name = (
            queries.view_photo(session, current_actor(), application_id),
            queries.view_name_on_photo(session, application_id),
        )
    return render_page("registration/photos/one.html", form=form, found=found, name=name, may_act=may_act)
