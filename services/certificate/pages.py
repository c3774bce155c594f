"""The pages: the public check, the holder's certificates and agreement, the officers' register and acts."""

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

from flask import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from services.certificate import api, commands
from services.certificate.domain.states import OrderState, State
from services.certificate.models import Certificate
from services.certificate.practice import agreement_text
from services.certificate.queries import certificates, checking, orders
from services.certificate.queries.access import DOWNLOADERS, READERS
from shared.errors import N_, Invalid, NotFound, Refusal
from shared.schemes import schemes
from shared.security.actor import Actor
from shared.security.roles import Role
from shared.settings import settings
from shared.web import (
    ById,
    Form,
    PageQuery,
    Pages,
    Place,
    actor,
    allow,
    go,
    language,
    limited,
    no_csrf,
    page,
    public,
    read_query,
    reading,
    tell,
    tell_refusal,
    unit_of_work,
)

pages = Pages("certificate", __name__)

MENU = (
    Place("/certificate/", N_("Daftar kerja"), frozenset(READERS)),
    Place("/certificate/register", N_("Register sertifikat"), frozenset(READERS)),
)
OTHER = N_("Nomor pada lembar itu bukan nomor sertifikat ini. Periksa lagi nomornya, atau laporkan kepada LSP.")


class ActWords(NamedTuple):
    """What an act is called on its page: heading, what it means, the button, what is said once it is done."""

    heading: str
    meaning: str
    button: str
    done: str
    kind: str = ""


SUSPENDING = ActWords(
    N_("Tangguhkan sertifikat"),
    N_(
        "Pemegang diberi tahu, dan halaman pemeriksaan menunjukkan penangguhan. "
        "Bila belum selesai pada batasnya, pencabutan diusulkan."
    ),
    N_("Tangguhkan"),
    N_("Sertifikat ditangguhkan."),
)
REINSTATING = ActWords(
    N_("Berlakukan kembali"),
    N_("Penangguhan berakhir dan sertifikat berlaku seperti semula."),
    N_("Berlakukan kembali"),
    N_("Sertifikat berlaku kembali."),
)
WITHDRAWING = ActWords(
    N_("Cabut sertifikat"),
    N_("Pencabutan tidak dapat dibatalkan. Pemegang dan instansi yang berlangganan diberi tahu."),
    N_("Cabut"),
    N_("Sertifikat dicabut."),
    "danger",
)
VOIDING = ActWords(
    N_("Batalkan nomor"),
    N_("Nomor ini tercatat sebagai batal dan tidak dipakai lagi; nomor baru dapat diberikan sesudahnya."),
    N_("Batalkan nomor"),
    N_("Nomor dibatalkan dan tercatat."),
    "danger",
)


class CheckForm(BaseModel):
    """`code` is the token or the whole link; `number`, where given, must be that of the certificate."""

    model_config = ConfigDict(str_strip_whitespace=True)

    code: str = Field(min_length=1, max_length=400)
    number: str = Field("", max_length=60)


@pages.route("/check", methods=["GET", "POST"])
@public
@no_csrf
@limited(api.CHECK_RATE)
def check_form() -> Response | BaseResponse:
    """Where somebody with a sheet in hand begins (R22)."""
    form = Form(CheckForm)
    if form.submitted():
        with form.refusing():
            token = checking.token_in(form.value.code)
            with reading() as session:
                found = _found(session, token)
            if found is None:
                raise Invalid(
                    "certificate-not-genuine", checking.NOT_GENUINE, fields={"code": N_("Kode ini tidak dikenal.")}
                )
            if form.value.number and not checking.has_number(found, form.value.number):
                raise Invalid("other-certificate", OTHER, fields={"number": N_("Nomor berbeda.")})
            return go("pages.check", token=token)
    return page("certificate/check_form.html", form=form, address=f"{settings().public_url}/certificate/check/…")


@pages.get("/check/<string:token>")
@public
@limited(api.CHECK_RATE, methods=("GET",))
def check(token: str) -> Response:
    """What the QR code on every certificate leads to; the address works for good."""
    with reading() as session:
        found = _found(session, token)
    return page("certificate/check.html", status=200 if found else 404, found=found, not_genuine=checking.NOT_GENUINE)


def _found(session: Session, token: str) -> checking.CheckView | None:
    try:
        return checking.check(session, token)
    except NotFound:
        return None


@pages.get("/")
@allow(Role.APPLICANT, READERS)
def index() -> Response:
    """Holders see their own, the others what waits for them."""
    me = actor()
    with reading() as session:
        if not me.has(*READERS):
            return page(
                "certificate/own.html",
                certificates=certificates.held_by(session, me.id),
                orders=[order for order in orders.own(session, me) if order.state is not OrderState.FULFILLED],
            )
        return page(
            "certificate/work.html",
            making=orders.in_the_making(session),
            late=orders.past_their_limit(session),
            waiting=orders.waiting_orders(session, read_query(PageQuery)),
        )


@pages.get("/register")
@allow(READERS)
def register() -> Response:
    query = read_query(certificates.CertificateQuery)
    with reading() as session:
        found = certificates.register(session, query)
    return page(
        "certificate/register.html",
        query=query,
        found=found,
        states=list(State),
        schemes=[(scheme.id, scheme.title.in_language(language())) for scheme in schemes().current()],
    )


@pages.get("/register.csv")
@allow(READERS)
def export() -> Response:
    return api.table(read_query(certificates.CertificateQuery))


@pages.route("/agreement/<uuid:id>", methods=["GET", "POST"])
@allow(Role.APPLICANT)
def agreement(id: UUID) -> Response | BaseResponse:
    """Read and sign the agreement of use (R17); `id` is the application's."""
    with reading() as session:
        order = next((found for found in orders.own(session, actor()) if found.application_id == id), None)
    if order is None:
        raise NotFound("application-unknown", N_("Tidak ada permohonan Anda dengan nomor ini di tahap sertifikat."))
    text = agreement_text()
    form = Form(commands.SignAgreement)
    if form.submitted(lambda data: {"agreed": False, "version": text.version, **data}):
        with form.refusing():
            with unit_of_work() as session:
                commands.sign_agreement(session, actor(), id, form.value)
            tell(N_("Perjanjian ditandatangani. Sertifikat terbit setelah semua persyaratan terpenuhi."))
            return go("pages.index")
    return page("certificate/agreement.html", form=form, order=order, text=text)


@pages.get("/<uuid:id>")
@allow(Role.APPLICANT, READERS)
def show(id: UUID) -> Response:
    me = actor()
    with reading() as session:
        found = certificates.certificate(session, me, id)
    scheme = schemes().get(found.scheme_id, found.scheme_version)
    units = [unit for code in found.units if (unit := scheme.unit(code))]
    return page(
        "certificate/show.html",
        found=found,
        units=[(unit.code, unit.title.in_language(language())) for unit in units],
        chairs=me.has(Role.CHAIR),
        downloads=bool(found.sha256) and (found.holder_id == me.id or me.has(*DOWNLOADERS)),
    )


@pages.get("/<uuid:id>/pdf")
@allow(Role.APPLICANT, DOWNLOADERS)
def pdf(id: UUID) -> Response:
    return api.pdf_of(ById(id=id))


@pages.route("/<uuid:id>/suspend", methods=["GET", "POST"])
@allow(Role.CHAIR)
def suspend(id: UUID) -> Response | BaseResponse:
    return _act(id, commands.suspend, Form(commands.Suspend), SUSPENDING)


@pages.route("/<uuid:id>/reinstate", methods=["GET", "POST"])
@allow(Role.CHAIR)
def reinstate(id: UUID) -> Response | BaseResponse:
    return _act(id, commands.reinstate, Form(commands.Reason), REINSTATING)


@pages.route("/<uuid:id>/withdraw", methods=["GET", "POST"])
@allow(Role.CHAIR)
def withdraw(id: UUID) -> Response | BaseResponse:
    return _act(id, commands.withdraw, Form(commands.Reason), WITHDRAWING)


@pages.route("/<uuid:id>/void", methods=["GET", "POST"])
@allow(Role.CHAIR)
def void(id: UUID) -> Response | BaseResponse:
    return _act(id, commands.void, Form(commands.Reason), VOIDING)


@pages.post("/<uuid:id>/renumber")
@allow(Role.CHAIR)
def renumber(id: UUID) -> BaseResponse:
    """A new number in place of the voided one."""
    try:
        with unit_of_work() as session:
            voided = certificates.certificate(session, actor(), id)
            new = commands.renumber(session, actor(), voided.application_id)
    except Refusal as refusal:
        tell_refusal(refusal)
        return go("pages.show", id=id)
    tell(N_("Nomor baru diberikan: {number}."), number=new.number)
    return go("pages.show", id=new.id)


def _act(
    id: UUID, command: Callable[[Session, Actor, UUID, Any], Certificate], form: Form[Any], words: ActWords
) -> Response | BaseResponse:
    """Ask for the reason, then do it."""
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                command(session, actor(), id, form.value)
            tell(words.done)
            return go("pages.show", id=id)
    with reading() as session:
        found = certificates.certificate(session, actor(), id)
    return page("certificate/act.html", form=form, found=found, words=words, limited=form.model is commands.Suspend)
