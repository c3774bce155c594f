"""FR-APL-02 as a page: K or BK per element, with the documents that show it (process 2.5)."""

from typing import Annotated
from uuid import UUID

from pydantic import Field
from werkzeug.wrappers import Response

from services.registration.access import APPLICANTS
from services.registration.commands import self_assessment as commands
from services.registration.commands.self_assessment import SubmitSelfAssessment
from services.registration.domain.form import Line, Section, Version
from services.registration.domain.self_assessment import Claim
from services.registration.pages.blueprint import pages
from services.registration.queries import self_assessment as queries
from shared.contracts.words import Judgement
from shared.errors import N_
from shared.schemes import shipped_schemes
from shared.web import Form, allow, current_actor, leave_notice, reading, redirect_to, render_page, unit_of_work


class FillSelfAssessment(Section):
    """`act` is the button pressed: save or submit."""

    claims: Annotated[list[Claim], Field(max_length=500)]
    version: Version = None
    act: str = "save"
    signature: Line = ""
    statement: bool = False


@pages.route("/applications/<uuid:application_id>/self-assessment", methods=["GET", "POST"])
@allow(APPLICANTS)
def show_self_assessment(application_id: UUID) -> Response:
    """Show FR-APL-02, keep what is typed, and submit it signed."""
    with reading() as session:
        found = queries.view_own_self_assessment(session, current_actor(), application_id)
    known = [claim.model_dump(mode="json") for claim in found.claims]
    form = Form(FillSelfAssessment, values={"claims": known, "version": found.version}, merges=True)
    if form.submitted():
        with form.refusing():
            form.keep_as_saved(_keep(application_id, form.value))
            return _send(application_id, form.value)
    scheme = shipped_schemes().get(found.scheme.id, found.scheme.version)
    return render_page(
        "registration/applications/self_assessment.html",
        form=form,
        found=found,
        scheme=scheme,
        judgements=list(Judgement),
    )


def _keep(application_id: UUID, given: FillSelfAssessment) -> int:
    """Save in a transaction of its own: what was typed stays when sending is refused. Returns its version."""
    with unit_of_work() as session:
        application = commands.save_self_assessment(
            session, current_actor(), application_id, given.claims, given.version
        )
        session.flush()
        return application.version


def _send(application_id: UUID, given: FillSelfAssessment) -> Response:
    if given.act != "submit":
        leave_notice(N_("Asesmen mandiri tersimpan; belum dikirim."))
        return redirect_to("pages.show_self_assessment", application_id=application_id)
    with unit_of_work() as session:
        signed = SubmitSelfAssessment(signature=given.signature, statement=given.statement)
        commands.submit_self_assessment(session, current_actor(), application_id, signed)
    leave_notice(N_("Seluruh berkas sudah dikirim. Tunggu undangan praasesmen dari asesor."))
    return redirect_to("pages.show_application", application_id=application_id)
