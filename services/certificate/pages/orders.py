"""What waits: the holder's certificates and agreement, the officers' work list."""

from uuid import UUID

from flask import Response
from werkzeug.wrappers import Response as BaseResponse

from services.certificate import commands
from services.certificate.domain.states import OrderState
from services.certificate.pages.blueprint import pages
from services.certificate.practice import agreement_text
from services.certificate.queries import agencies, bulk, certificates, orders, paper, trust
from services.certificate.queries.access import PAPER_READERS, PREPARERS, READERS
from shared.errors import N_, NotFound, Refusal
from shared.security.roles import Role
from shared.web import (
    Form,
    PageQuery,
    allow,
    current_actor,
    leave_notice,
    leave_refusal_notice,
    read_query,
    reading,
    redirect_to,
    render_page,
    unit_of_work,
)


@pages.get("/")
@allow(Role.APPLICANT, READERS)
def index() -> Response:
    """Holders see their own, the others what waits for them."""
    me = current_actor()
    with reading() as session:
        if not me.has(*READERS):
            return render_page(
                "certificate/own.html",
                certificates=certificates.held_by(session, me.id),
                orders=[order for order in orders.own(session, me) if order.state is not OrderState.FULFILLED],
            )
        return render_page(
            "certificate/work.html",
            chairs=me.has(Role.CHAIR),
            batches=bulk.open_batches(session) if me.has(*PREPARERS) else [],
            making=orders.in_the_making(session),
            late=orders.past_their_limit(session),
            stopped=agencies.stopped(session),
            unsettled=trust.unsettled(session),
            waiting=orders.waiting_orders(session, read_query(PageQuery)),
            sheets_left=paper.low_stock(session) if me.has(*PAPER_READERS) else None,
        )


@pages.route("/agreement/<uuid:id>", methods=["GET", "POST"])
@allow(Role.APPLICANT)
def agreement(id: UUID) -> Response | BaseResponse:
    """Read and sign the agreement of use (R17); `id` is the application's."""
    with reading() as session:
        order = next((found for found in orders.own(session, current_actor()) if found.application_id == id), None)
    if order is None:
        raise NotFound("application-unknown", N_("Tidak ada permohonan Anda dengan nomor ini di tahap sertifikat."))
    text = agreement_text()
    form = Form(commands.SignAgreement)
    if form.submitted(lambda data: {"agreed": False, "version": text.version, **data}):
        with form.refusing():
            with unit_of_work() as session:
                commands.sign_agreement(session, current_actor(), id, form.value)
            leave_notice(N_("Perjanjian ditandatangani. Sertifikat terbit setelah semua persyaratan terpenuhi."))
            return redirect_to("pages.index")
    return render_page("certificate/agreement.html", form=form, order=order, text=text)


@pages.post("/orders/<uuid:id>/retry")
@allow(Role.CHAIR)
def retry_order(id: UUID) -> BaseResponse:
    """Number a cleared order now; `id` is the application's."""
    try:
        with unit_of_work() as session:
            commands.retry_order(session, current_actor(), id)
        leave_notice(N_("Dicoba lagi sekarang."))
    except Refusal as refusal:
        leave_refusal_notice(refusal)
    return redirect_to("pages.index")


@pages.post("/<uuid:id>/renumber")
@allow(Role.CHAIR)
def renumber(id: UUID) -> BaseResponse:
    """A new number in place of the voided one."""
    try:
        with unit_of_work() as session:
            voided = certificates.certificate(session, current_actor(), id)
            commands.renumber(session, current_actor(), voided.application_id)
    except Refusal as refusal:
        leave_refusal_notice(refusal)
        return redirect_to("pages.show", id=id)
    leave_notice(N_("Nomor baru diminta; sertifikat segera diterbitkan."))
    return redirect_to("pages.index")
