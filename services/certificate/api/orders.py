"""What is on its way: the agreement of use, and the officers' work list."""

from pydantic import BaseModel

from services.certificate.access import DECIDERS, HOLDERS, READERS
from services.certificate.blueprints import api
from services.certificate.body_settings import AgreementText, agreement_text
from services.certificate.commands.agreement import SignAgreement, sign_agreement
from services.certificate.commands.retrying import retry_order
from services.certificate.commands.voiding import renumber_order
from services.certificate.queries import certificates, orders
from shared.pagination import Page, PageQuery
from shared.web import ById, allow, current_actor, public, reading, unit_of_work


class Own(BaseModel):
    """What somebody holds, and what is on its way."""

    certificates: list[certificates.CertificateSummary]
    orders: list[orders.OrderView]


class Orders(Page[orders.OrderView]):
    """One page of the orders that wait for something."""


class WorkList(BaseModel):
    """What waits for the officers: versions not made yet, suspensions past their limit (R15)."""

    in_the_making: list[orders.Waiting]
    past_their_limit: list[orders.Waiting]


@api.get("/agreement", responses={200: AgreementText})
@public
def get_agreement() -> AgreementText:
    """What a holder signs before the certificate is released (R17)."""
    return agreement_text()


@api.post("/orders/<uuid:id>/agreement", responses={200: orders.OrderView})
@allow(HOLDERS)
def post_agreement(path: ById, body: SignAgreement) -> orders.OrderView:
    """Sign the agreement of use for one's own application; `id` is the application's."""
    with unit_of_work() as session:
        return orders.describe_order(sign_agreement(session, current_actor(), path.id, body))


@api.post("/orders/<uuid:id>/renumber", responses={202: orders.OrderView})
@allow(DECIDERS)
def post_renumbering(path: ById) -> tuple[orders.OrderView, int]:
    """Ask for a new number for an order whose number was voided."""
    with unit_of_work() as session:
        return orders.describe_order(renumber_order(session, current_actor(), path.id)), 202


@api.post("/orders/<uuid:id>/retry", responses={202: orders.OrderView})
@allow(DECIDERS)
def post_order_retry(path: ById) -> tuple[orders.OrderView, int]:
    """Number and make a cleared order now, instead of when its turn comes."""
    with unit_of_work() as session:
        return orders.describe_order(retry_order(session, current_actor(), path.id)), 202


@api.get("/mine", responses={200: Own})
@allow(HOLDERS)
def get_own_certificates() -> Own:
    """One's own certificates and orders."""
    with reading() as session:
        me = current_actor()
        return Own(
            certificates=certificates.list_held_certificates(session, me.id), orders=orders.list_own_orders(session, me)
        )


@api.get("/orders", responses={200: Orders})
@allow(READERS)
def get_waiting_orders(query: PageQuery) -> Orders:
    """Decided K, but something is missing yet."""
    with reading() as session:
        return Orders.model_validate(orders.list_waiting_orders(session, query).model_dump())


@api.get("/work", responses={200: WorkList})
@allow(READERS)
def get_work_list() -> WorkList:
    """What waits for the officers."""
    with reading() as session:
        return WorkList(
            in_the_making=orders.list_versions_in_the_making(session),
            past_their_limit=orders.list_overdue_suspensions(session),
        )
