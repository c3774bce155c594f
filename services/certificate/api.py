"""The JSON API: the public check, the holder's agreement and file, the officers' register and acts."""

from flask import Response
from pydantic import BaseModel, Field

from services.certificate import commands, files
from services.certificate.practice import AgreementText, agreement_text
from services.certificate.queries import certificates, checking, orders
from services.certificate.queries.access import DOWNLOADERS, READERS
from shared.pagination import Page, PageQuery
from shared.security.roles import Role
from shared.web import (
    Api,
    ById,
    actor,
    allow,
    csv_download,
    download,
    file_response,
    gettext,
    limited,
    public,
    reading,
    unit_of_work,
)
from shared.web.formats import label

api = Api("certificate")

CHECK_RATE = "60/minute"


class ByToken(BaseModel):
    token: str = Field(max_length=100, description="Check token, from the QR code.")


class Own(BaseModel):
    """What somebody holds, and what is on its way."""

    certificates: list[certificates.CertificateSummary]
    orders: list[orders.OrderView]


class Register(Page[certificates.CertificateSummary]):
    """One page of the register."""


class Orders(Page[orders.OrderView]):
    """One page of the orders that wait for something."""


class WorkList(BaseModel):
    in_the_making: list[orders.Waiting]
    past_their_limit: list[orders.Waiting]


@api.get("/check/<string:token>", responses={200: checking.CheckView})
@public
@limited(CHECK_RATE, methods=("GET",))
def check(path: ByToken) -> checking.CheckView:
    """Whether a certificate is genuine and holds today (R22)."""
    with reading() as session:
        return checking.check(session, path.token)


@api.get("/agreement", responses={200: AgreementText})
@public
def agreement() -> AgreementText:
    """What a holder signs before the certificate is released (R17)."""
    return agreement_text()


@api.post("/orders/<uuid:id>/agreement", responses={200: orders.OrderView})
@allow(Role.APPLICANT)
def sign_agreement(path: ById, body: commands.SignAgreement) -> orders.OrderView:
    """Sign the agreement of use for one's own application; `id` is the application's."""
    with unit_of_work() as session:
        return orders.view_of(commands.sign_agreement(session, actor(), path.id, body))


@api.post("/orders/<uuid:id>/renumber", responses={201: certificates.CertificateView})
@allow(Role.CHAIR)
def renumber(path: ById) -> tuple[certificates.CertificateView, int]:
    """A new number for an order whose number was voided."""
    with unit_of_work() as session:
        return certificates.view_of(commands.renumber(session, actor(), path.id)), 201


@api.get("/mine", responses={200: Own})
@allow(Role.APPLICANT)
def mine() -> Own:
    """One's own certificates and orders."""
    with reading() as session:
        me = actor()
        return Own(certificates=certificates.held_by(session, me.id), orders=orders.own(session, me))


@api.get("/orders", responses={200: Orders})
@allow(READERS)
def waiting_orders(query: PageQuery) -> Orders:
    """Decided K, but something is missing yet."""
    with reading() as session:
        return Orders.model_validate(orders.waiting_orders(session, query).model_dump())


@api.get("/work", responses={200: WorkList})
@allow(READERS)
def work() -> WorkList:
    """What waits for the officers."""
    with reading() as session:
        return WorkList(in_the_making=orders.in_the_making(session), past_their_limit=orders.past_their_limit(session))


@api.get("/certificates", responses={200: Register})
@allow(READERS)
def register(query: certificates.CertificateQuery) -> Register:
    """The register, a page at a time."""
    with reading() as session:
        return Register.model_validate(certificates.register(session, query).model_dump())


@api.get("/certificates.csv", responses={200: file_response("text/csv")})
@allow(READERS)
def export(query: certificates.CertificateQuery) -> Response:
    """The whole list as a table."""
    return table(query)


def table(query: certificates.CertificateQuery) -> Response:
    with reading() as session:
        rows = ([label(cell) for cell in row] for row in certificates.every(session, query))
        return csv_download("sertifikat.csv", [gettext(column) for column in certificates.CSV_COLUMNS], rows)


@api.get("/certificates/<uuid:id>", responses={200: certificates.CertificateView})
@allow(Role.APPLICANT, READERS)
def certificate(path: ById) -> certificates.CertificateView:
    """One certificate: one's own, or any for those who read the register."""
    with reading() as session:
        return certificates.certificate(session, actor(), path.id)


@api.get("/certificates/<uuid:id>/pdf", responses={200: file_response("application/pdf")})
@allow(Role.APPLICANT, DOWNLOADERS)
def pdf(path: ById) -> Response:
    """The signed file, for its holder and the officers; who took it is noted."""
    return pdf_of(path)


def pdf_of(path: ById) -> Response:
    with unit_of_work() as session:
        found = certificates.for_download(session, actor(), path.id)
    return download(files.stored_file(found), files.file_name(found), "application/pdf")


@api.post("/certificates/<uuid:id>/suspend", responses={200: certificates.CertificateView})
@allow(Role.CHAIR)
def suspend(path: ById, body: commands.Suspend) -> certificates.CertificateView:
    """Suspend until a limit, with a reason (R15)."""
    with unit_of_work() as session:
        return certificates.view_of(commands.suspend(session, actor(), path.id, body))


@api.post("/certificates/<uuid:id>/reinstate", responses={200: certificates.CertificateView})
@allow(Role.CHAIR)
def reinstate(path: ById, body: commands.Reason) -> certificates.CertificateView:
    """End a suspension."""
    with unit_of_work() as session:
        return certificates.view_of(commands.reinstate(session, actor(), path.id, body))


@api.post("/certificates/<uuid:id>/withdraw", responses={200: certificates.CertificateView})
@allow(Role.CHAIR)
def withdraw(path: ById, body: commands.Reason) -> certificates.CertificateView:
    """Withdraw for good."""
    with unit_of_work() as session:
        return certificates.view_of(commands.withdraw(session, actor(), path.id, body))


@api.post("/certificates/<uuid:id>/void", responses={200: certificates.CertificateView})
@allow(Role.CHAIR)
def void(path: ById, body: commands.Reason) -> certificates.CertificateView:
    """Void the number of a certificate that could not be made."""
    with unit_of_work() as session:
        return certificates.view_of(commands.void(session, actor(), path.id, body))
