"""The holder's photo as registration tells of it: one of the requirements (domain handbook 5)."""

from sqlalchemy.orm import Session

from services.certificate.commands.ordering import clear_if_ready
from services.certificate.domain.states import OrderState
from services.certificate.models import Order
from shared.contracts.registration import PhotoPrepared

WAITING = (OrderState.CANDIDATE, OrderState.ORDERED)
"""Only these wait for another photo: what is cleared or numbered has the one it was cleared with."""


def keep_order_photo(session: Session, order: Order, fact: PhotoPrepared, sequence: int) -> None:
    """Keep the photo, unless a newer word of it is known. Whatever comes last clears the order (R11).

    After the certificate was issued it is kept for the next version: no sheet ever changes.
    """
    if sequence > (order.photo_sequence or 0):
        order.photo_sequence = sequence
        order.photo_key, order.photo_sha256 = fact.key, fact.sha256
        clear_if_ready(session, order)


def drop_order_photo(order: Order, sequence: int) -> None:
    """Forget a photo that cannot stand on a certificate; the order waits for another."""
    if sequence > (order.photo_sequence or 0):
        order.photo_sequence = sequence
        if order.state in WAITING:
            order.photo_key = order.photo_sha256 = ""
