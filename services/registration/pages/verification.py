"""The secretariat's pages: the files that wait, and one file to verify (process 2.3, 2.4)."""

from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field
from werkzeug.wrappers import Response

from services.registration.access import FILE_READERS, LOST_FILE_READERS, PHOTO_READERS, VERIFIERS
from services.registration.commands import verification as commands
from services.registration.commands.looking import open_file_to_verify
from services.registration.domain.form import Code, Lines, Section
from services.registration.domain.verification import Finding, Verdict
from services.registration.domain.workflow import State
from services.registration.kept_files import REGISTERS
from services.registration.pages.blueprint import pages
from services.registration.queries import verification as queries
from services.registration.queries.views import VerificationView
from shared.errors import N_
from shared.kept_files import count_lost_files
from shared.web import (
    Form,
    PageQuery,
    allow,
    allow_repeats,
    current_actor,
    gettext,
    leave_notice,
    noting_look,
    read_query,
    reading,
    redirect_to,
    render_page,
    unit_of_work,
)

SHOWN_STATES = [state for state in State if state is not State.DRAFT]


class ItemRow(Section):
    """The verdict on one item as typed; empty while there is none."""

    item: Code
    verdict: Annotated[Verdict | None, BeforeValidator(lambda value: value or None)] = None
    reason: Lines = ""


class Verify(Section):
    """`act` is the button pressed: save, return or admit."""

    items: Annotated[list[ItemRow], Field(max_length=50)] = []
    note: Lines = ""
    act: str = "save"

    def findings(self) -> list[Finding]:
        """The findings of those items that have a verdict."""
        return [Finding(row.item, row.verdict, row.reason) for row in self.items if row.verdict is not None]


@pages.get("/verification")
@allow(FILE_READERS)
def show_verification_list() -> Response:
    """List the files that wait for verification, the longest first."""
    query = read_query(PageQuery)
    with reading() as session:
        found = queries.list_files_to_verify(session, query)
        lost = count_lost_files(session, REGISTERS) if current_actor().has(*LOST_FILE_READERS) else 0
    return render_page("registration/verification/list.html", found=found, query=query, states=SHOWN_STATES, lost=lost)


@pages.route("/verification/<uuid:application_id>", methods=["GET", "POST"])
@allow(FILE_READERS)
def show_verification(application_id: UUID) -> Response:
    """Show a file to who may read it; the secretariat alone has the buttons and is let through by them."""
    with noting_look() as session:
        found = open_file_to_verify(session, current_actor(), application_id, gettext)
    form = Form(Verify, values={"items": [item.model_dump() for item in found.items]})
    if current_actor().has(*VERIFIERS) and form.submitted():
        with form.refusing():
            return _act(application_id, form.value)
        form.errors = {_row_of(found, path): message for path, message in form.errors.items()}
    return render_page(
        "registration/verification/one.html",
        form=form,
        found=found,
        verdicts=list(Verdict),
        may_act=current_actor().has(*VERIFIERS) and found.application.state is State.FILED,
        may_reveal=current_actor().has(*VERIFIERS),
        sees_photo=current_actor().has(*PHOTO_READERS),
    )


@pages.route("/verification/<uuid:application_id>/nik", methods=["GET", "POST"])
@allow(VERIFIERS)
@allow_repeats
def show_nik(application_id: UUID) -> Response:
    """Ask why the whole NIK is needed, note it, and show the number once."""
    form, nik = Form(commands.RevealNik), ""
    if form.submitted():
        with form.refusing(), unit_of_work() as session:
            nik = commands.reveal_nik(session, current_actor(), application_id, form.value)
    return render_page("registration/verification/nik.html", form=form, nik=nik, id=application_id)


def _act(application_id: UUID, given: Verify) -> Response:
    """The verdicts are kept first: they stay when returning or admitting is refused."""
    if given.findings():
        with unit_of_work() as session:
            commands.judge_items(session, current_actor(), application_id, given.findings())
    if given.act == "return":
        with unit_of_work() as session:
            commands.return_application(session, current_actor(), application_id, given.note)
        leave_notice(N_("Berkas sudah dikembalikan kepada pemohon beserta alasannya."))
    elif given.act == "admit":
        with unit_of_work() as session:
            commands.admit_application(session, current_actor(), application_id)
        leave_notice(N_("Permohonan dinyatakan lengkap. FR-APL-02 sudah dibuka untuk pemohon."))
    else:
        leave_notice(N_("Hasil pemeriksaan tersimpan."))
        return redirect_to("pages.show_verification", application_id=application_id)
    return redirect_to("pages.show_verification_list")


def _row_of(found: VerificationView, path: str) -> str:
    """Refusals name items by their code, the page by their row."""
    names = [item.item for item in found.items]
    name = path.removeprefix("items.")
    return f"items.{names.index(name)}.reason" if name in names else path
