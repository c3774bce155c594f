"""The applicant's pages: own applications, starting one, its overview, withdrawing it."""

from uuid import UUID

from flask import url_for
from pydantic import BaseModel
from werkzeug.wrappers import Response

from services.registration.access import APPLICANTS
from services.registration.commands import applications as commands
from services.registration.commands.applications import StartApplication
from services.registration.domain.form import Code, Lines
from services.registration.domain.workflow import DOCUMENTS_OPEN, FORM_OPEN, SELF_ASSESSMENT_OPEN, Stage
from services.registration.pages.blueprint import pages
from services.registration.queries import applications as queries
from services.registration.queries import periods, photos
from shared.errors import N_, Conflict, Invalid, Refusal
from shared.schemes import shipped_schemes
from shared.web import (
    Form,
    allow,
    current_actor,
    gettext,
    leave_notice,
    leaving_refusals,
    reading,
    redirect_to,
    render_page,
    unit_of_work,
)

OPEN = {"form": FORM_OPEN, "documents": DOCUMENTS_OPEN, "self_assessment": SELF_ASSESSMENT_OPEN}


ELSEWHERE = {
    Stage.PRE_ASSESSMENT_SCHEDULED: ("/assessment/", N_("Buka halaman asesmen")),
    Stage.PLAN_PROPOSED: ("/assessment/", N_("Buka halaman asesmen")),
    Stage.SCHEDULED: ("/assessment/", N_("Buka halaman asesmen")),
    Stage.DECIDED_BK: ("/decision/", N_("Buka halaman keputusan")),
    Stage.APPEAL_RECEIVED: ("/decision/", N_("Buka halaman keputusan")),
    Stage.APPEAL_REJECTED: ("/decision/", N_("Buka halaman keputusan")),
    Stage.APPEAL_PANEL_NAMED: ("/decision/", N_("Buka halaman keputusan")),
    Stage.DECIDED_K: ("/certificate/", N_("Buka halaman sertifikat")),
    Stage.AGREEMENT_REQUESTED: ("/certificate/", N_("Buka halaman sertifikat")),
    Stage.CERTIFIED: ("/certificate/", N_("Buka halaman sertifikat")),
}
"""Where the applicant goes on when another stage has the word."""


NO_PERIOD = N_(
    "Belum ada periode terbuka dengan tempat untuk skema ini. Rancangan dapat diisi sekarang dan diajukan setelah"
    " periodenya dibuka."
)


class ChooseScheme(BaseModel):
    """The cluster chosen for a new application."""

    scheme_id: Code


class Renew(BaseModel):
    """The number of the certificate to renew."""

    renews: Code


class Withdraw(BaseModel):
    """Why the application is withdrawn; may be empty."""

    reason: Lines = ""


@pages.get("/applications")
@allow(APPLICANTS)
def show_own_applications() -> Response:
    """List one's own applications and the certificates one can renew."""
    with reading() as session:
        found, renewable = (
            queries.list_own_applications(session, current_actor(), gettext),
            queries.list_renewable_certificates(session, current_actor()),
        )
    return render_page("registration/applications/list.html", found=found, renewable=renewable)


@pages.route("/applications/new", methods=["GET", "POST"])
@allow(APPLICANTS)
def show_new_application() -> Response:
    """Choose one cluster (domain handbook 3.2); which of them one can file for now stands beside it."""
    form, living = Form(ChooseScheme), None
    if form.submitted():
        try:
            with unit_of_work() as session:
                made = commands.start_application(
                    session, current_actor(), StartApplication(scheme_id=form.value.scheme_id)
                )
                can_file = periods.has_open_place(session, made.scheme_id)
        except (Invalid, Conflict) as refusal:
            form.refuse(refusal)
            living = find_living_page(refusal)
        else:
            if not can_file:
                leave_notice(NO_PERIOD, "warning")
            return redirect_to("pages.show_requirements_page", application_id=made.id)
    with reading() as session:
        announced = periods.list_announced_periods(session)
    return render_page(
        "registration/applications/new.html",
        form=form,
        schemes=shipped_schemes().current(),
        periods=announced,
        living=living,
    )


def find_living_page(refusal: Refusal) -> str | None:
    """Return the page of what holds the person's one place in a scheme, as a refusal names it; None for any other."""
    if "path" in refusal.details:
        return str(refusal.details["path"])
    if "application_id" in refusal.details:
        return url_for("pages.show_application", application_id=refusal.details["application_id"])
    return url_for("pages.show_own_applications") if "certificate" in refusal.details else None


@pages.post("/applications/renew")
@allow(APPLICANTS)
def submit_renewal() -> Response:
    """Draft a renewal at the button beside a certificate (process 2.12)."""
    form = Form(Renew)
    living = None
    with leaving_refusals():
        if form.submitted():
            try:
                with unit_of_work() as session:
                    made = commands.start_application(
                        session, current_actor(), StartApplication(renews=form.value.renews)
                    )
            except Conflict as refusal:
                living = find_living_page(refusal)
                raise
            leave_notice(
                N_("Permohonan sertifikasi ulang sudah diisi dari berkas Anda yang lalu. Periksa setiap bagian.")
            )
            return redirect_to("pages.show_requirements_page", application_id=made.id)
    return redirect_to(living or "pages.show_own_applications")


@pages.get("/applications/<uuid:application_id>")
@allow(APPLICANTS)
def show_application(application_id: UUID) -> Response:
    """Show one's own application: where it stands, what happened, what can be done now."""
    with reading() as session:
        found = queries.view_own_application(session, current_actor(), application_id, gettext)
        photo = photos.view_photo(session, current_actor(), application_id)
    return render_page(
        "registration/applications/one.html",
        found=found,
        photo=photo,
        open={name: found.state in states for name, states in OPEN.items()},
        elsewhere=ELSEWHERE.get(found.stage) if found.stage else None,
    )


@pages.route("/applications/<uuid:application_id>/withdraw", methods=["GET", "POST"])
@allow(APPLICANTS)
def show_withdrawal(application_id: UUID) -> Response:
    """Ask whether, and why, the application shall be withdrawn; then withdraw it."""
    with reading() as session:
        found = queries.view_own_application(session, current_actor(), application_id, gettext)
    form = Form(Withdraw)
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                commands.withdraw_application(session, current_actor(), application_id, form.value.reason)
            leave_notice(N_("Permohonan sudah ditarik kembali."))
            return redirect_to("pages.show_application", application_id=application_id)
    return render_page("registration/applications/withdraw.html", form=form, found=found)
