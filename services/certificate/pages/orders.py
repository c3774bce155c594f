"""What waits: the holder's certificates and agreement, the officers' work list."""

from uuid import UUID

from flask import Response
from werkzeug.wrappers import Response as BaseResponse

from services.certificate.access import DECIDERS, HOLDERS, HOLDERS_AND_READERS, PAPER_READERS, PREPARERS, READERS
from services.certificate.agencies.queries import subscribers as agencies
from services.certificate.blueprints import pages
from services.certificate.body_settings import agreement_text
from services.certificate.bulk import queries as bulk
from services.certificate.commands.agreement import SignAgreement, sign_agreement
from services.certificate.commands.retrying import retry_order
from services.certificate.commands.voiding import renumber_order
from services.certificate.domain.states import OrderState
from services.certificate.paper.queries import stock as paper
from services.certificate.queries import certificates, orders
from services.certificate.trust import queries as trust
from shared.errors import N_, NotFound
from shared.web import (
    Form,
    PageQuery,
    allow,
    current_actor,
    leave_notice,
    leaving_refusals,
    read_query,
    reading,
    redirect_to,
    render_page,
    unit_of_work,
)


@pages.get("/")
@allow(HOLDERS_AND_READERS)
def show_own_work() -> Response:
    """Holders see their own, the others what waits for them."""
    me = current_actor()
    with reading() as session:
        if not me.has(*READERS):
            return render_page(
                "certificate/own.html",
                certificates=certificates.list_held_certificates(session, me.id),
                orders=[
                    order for order in orders.list_own_orders(session, me) if order.state is not OrderState.FULFILLED
                ],
            )
        return render_page(
            "certificate/work.html",
            chairs=me.has(*DECIDERS),
            batches=bulk.list_open_batches(session) if me.has(*PREPARERS) else [],
            making=orders.list_versions_in_the_making(session),
            late=orders.list_overdue_suspensions(session),
            stopped=agencies.list_stopped_agencies(session),
            unsettled=trust.find_unsettled_check(session),
            waiting=orders.list_waiting_orders(session, read_query(PageQuery)),
            sheets_left=paper.count_low_stock(session) if me.has(*PAPER_READERS) else None,
        )


@pages.route("/agreement/<uuid:id>", methods=["GET", "POST"])
@allow(HOLDERS)
def submit_agreement(id: UUID) -> Response | BaseResponse:
    """Read and sign the agreement of use (R17); `id` is the application's."""
    with reading() as session:
        order = next(
            (found for found in orders.list_own_orders(session, current_actor()) if found.application_id == id), None
        )
    if order is None:
        raise NotFound("application-unknown", N_("Tidak ada permohonan Anda dengan nomor ini di tahap sertifikat."))
    text = agreement_text()
    form = Form(SignAgreement)
    if form.submitted(lambda data: {"agreed": False, "version": text.version, **data}):
        with form.refusing():
            with unit_of_work() as session:
                sign_agreement(session, current_actor(), id, form.value)
            leave_notice(N_("Perjanjian ditandatangani. Sertifikat terbit setelah semua persyaratan terpenuhi."))
            return redirect_to("pages.show_own_work")
    return render_page("certificate/agreement.html", form=form, order=order, text=text)


@pages.post("/orders/<uuid:id>/retry")
@allow(DECIDERS)
def submit_order_retry(id: UUID) -> BaseResponse:
    """Number a cleared order now; `id` is the application's."""
    with leaving_refusals():
        with unit_of_work() as session:
            retry_order(session, current_actor(), id)
        leave_notice(N_("Dicoba lagi sekarang."))
    return redirect_to("pages.show_own_work")


@pages.post("/<uuid:id>/renumber")
@allow(DECIDERS)
def submit_renumbering(id: UUID) -> BaseResponse:
    """A new number in place of the voided one."""
    with leaving_refusals():
        with unit_of_work() as session:
            voided = certificates.view_certificate(session, current_actor(), id)
            renumber_order(session, current_actor(), voided.application_id)
        leave_notice(N_("Nomor baru diminta; sertifikat segera diterbitkan."))
        return redirect_to("pages.show_own_work")
    return redirect_to("pages.show_certificate", id=id)
