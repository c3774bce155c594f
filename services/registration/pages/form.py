"""FR-APL-01 page by page: each saves its own section; then what was shown, and the signature (process 2.2)."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from services.registration.access import APPLICANTS
from services.registration.commands import applications as commands
from services.registration.commands import filing
from services.registration.commands.applications import SaveDraft
from services.registration.commands.filing import FileApplication
from services.registration.domain.form import (
    PURPOSES,
    EducationLevel,
    Job,
    Lines,
    Personal,
    Purpose,
    Schooling,
    Section,
    Sex,
    TrainingTaken,
    WorkPeriod,
)
from services.registration.domain.workflow import FORM_OPEN
from services.registration.pages.blueprint import pages
from services.registration.pages.fields import SECTIONS, describe_form_field, find_form_section
from services.registration.queries import applications as queries
from services.registration.queries.views import ApplicationView
from shared.errors import N_
from shared.schemes import shipped_schemes
from shared.web import (
    Form,
    allow,
    current_actor,
    gettext,
    leave_notice,
    reading,
    redirect_to,
    render_page,
    unit_of_work,
)
from shared.web.forms.leaves import list_leaves


class PersonalPart(Section):
    """The page of personal data."""

    personal: Personal = Personal()
    version: int | None = None


class EducationPart(Section):
    """The page of education and trainings."""

    education: tuple[Schooling, ...] = ()
    trainings: tuple[TrainingTaken, ...] = ()
    version: int | None = None


class WorkPart(Section):
    """The page of work and the current job."""

    work: tuple[WorkPeriod, ...] = ()
    job: Job = Job()
    version: int | None = None


class RequestPart(Section):
    """The page of purpose and adjustment."""

    purpose: Purpose = Purpose.UNSAID
    adjustment: Lines = ""
    version: int | None = None


PARTS: dict[str, type[Section]] = {
    "personal": PersonalPart,
    "education": EducationPart,
    "work": WorkPart,
    "request": RequestPart,
}
CHOICES: dict[str, Any] = {
    "sexes": (Sex.MALE, Sex.FEMALE),
    "levels": [level for level in EducationLevel if level],
    "purposes": list(PURPOSES),
}


class Shown(BaseModel):
    """That the requirements were read."""

    read: bool = False


def view_application_to_fill_in(application_id: UUID) -> ApplicationView:
    """Return one's own application, read in a session of its own. Raises NotFound."""
    with reading() as session:
        return queries.view_own_application(session, current_actor(), application_id, gettext)


@pages.route("/applications/<uuid:application_id>/form/<string:section>", methods=["GET", "POST"])
@allow(APPLICANTS)
def show_form_section(application_id: UUID, section: str) -> Response:
    """Show and save one section; what is missing stands beside its fields once something has been saved."""
    if section not in PARTS:
        raise NotFound
    found = view_application_to_fill_in(application_id)
    if found.state not in FORM_OPEN:
        return redirect_to("pages.show_application", application_id=application_id)
    part = PARTS[section]
    names = [name for name in part.model_fields if name != "version"]
    values = {name: value for name, value in found.form.model_dump(mode="json").items() if name in names}
    form = Form(part, values={**values, "version": found.version}, merges=True)
    if form.submitted():
        with form.refusing():
            given = {name: getattr(form.value, name) for name in names}
            whole = found.form.model_copy(update=given)
            with unit_of_work() as session:
                version = getattr(form.value, "version", None)
                commands.save_application(
                    session, current_actor(), application_id, SaveDraft(form=whole, version=version)
                )
            return _tell_saved(application_id, section)
    if form.status == 200:
        form.errors |= _list_wrong(found, section)
    return render_page(
        f"registration/applications/{section}.html",
        form=form,
        found=found,
        section=section,
        sections=SECTIONS,
        missing={path: text for path, text in found.problems.items() if find_form_section(path) == section},
        name_of=describe_form_field,
        **CHOICES,
    )


@pages.route("/applications/<uuid:application_id>/requirements", methods=["GET", "POST"])
@allow(APPLICANTS)
def show_requirements_page(application_id: UUID) -> Response:
    """Show requirements, process, rights and duties before anything is filed; that is recorded (R20)."""
    found = view_application_to_fill_in(application_id)
    form = Form(Shown)
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                commands.record_requirements_shown(session, current_actor(), application_id)
            return redirect_to("pages.show_form_section", application_id=application_id, section="personal")
    scheme = shipped_schemes().get(found.scheme.id, found.scheme.version)
    return render_page("registration/applications/requirements.html", form=form, found=found, scheme=scheme)


@pages.route("/applications/<uuid:application_id>/file", methods=["GET", "POST"])
@allow(APPLICANTS)
def show_filing(application_id: UUID) -> Response:
    """Show the whole form once more, take the signature, file (R19)."""
    found = view_application_to_fill_in(application_id)
    form = Form(FileApplication, values={"version": found.version})
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                filing.file_application(session, current_actor(), application_id, form.value)
            leave_notice(N_("Permohonan sudah diajukan. Sekretariat akan memeriksa kelengkapannya."))
            return redirect_to("pages.show_application", application_id=application_id)
    return render_page(
        "registration/applications/file.html",
        form=form,
        found=found,
        sections=SECTIONS,
        name_of=describe_form_field,
        section_of=find_form_section,
    )


def _list_wrong(found: ApplicationView, section: str) -> dict[str, str]:
    """Return what is wrong in the section as it is saved: fields that hold something, not those left empty so far."""
    filled = list_leaves(found.form.model_dump(mode="json"))
    return {
        path: text for path, text in found.problems.items() if path in filled and find_form_section(path) == section
    }


def _tell_saved(application_id: UUID, section: str) -> Response:
    """On to the next section; where a value is wrong one stays, and sees it beside its field."""
    name = gettext(SECTIONS[section])
    if _list_wrong(view_application_to_fill_in(application_id), section):
        leave_notice(
            N_(
                "Bagian “{section}” tersimpan sebagai rancangan. Yang ditandai belum sesuai; perbaiki sebelum diajukan."
            ),
            "warning",
            section=name,
        )
        return redirect_to("pages.show_form_section", application_id=application_id, section=section)
    leave_notice(N_("Bagian “{section}” tersimpan."), section=name)
    return _onward(application_id, section)


def _onward(application_id: UUID, section: str) -> Response:
    """To the next section, and after the last to the documents."""
    order = list(SECTIONS)
    place = order.index(section) + 1
    if place < len(order):
        return redirect_to("pages.show_form_section", application_id=application_id, section=order[place])
    return redirect_to("pages.show_application_documents", application_id=application_id)
