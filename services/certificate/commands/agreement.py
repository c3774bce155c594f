"""The agreement of use, signed by the holder before the certificate is released (R17; ISO/IEC 17024 9.7)."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from services.certificate.body_settings import agreement_text
from services.certificate.commands.loading import lock_own_order
from services.certificate.commands.ordering import clear_if_ready
from services.certificate.models import Order
from shared import audit, clock
from shared.errors import N_, Conflict, Invalid
from shared.persons import is_same_name
from shared.security.actor import Actor


class SignAgreement(BaseModel):
    """`name` is the holder's own, typed as a signature; `version` is that of the text that was read."""

    model_config = ConfigDict(str_strip_whitespace=True)

    agreed: bool = Field(description="The holder agrees to every point.")
    name: str = Field(min_length=1, max_length=200, description="The holder's name, as a signature.")
    version: str = Field(min_length=1, max_length=20, description="Version of the text that was read.")


def sign_agreement(session: Session, actor: Actor, application_id: UUID, given: SignAgreement) -> Order:
    """Sign for one's own application, as soon as this stage knows of it; before or after the decision.

    Raises NotFound for somebody else's, Invalid when the name or the consent is missing, Conflict when it is signed
    already or the text has changed since it was read.
    """
    order = lock_own_order(session, actor, application_id)
    if order.agreed_at is not None:
        raise Conflict("agreement-signed", N_("Perjanjian ini sudah Anda tandatangani."))
    _check(order, given)
    order.agreed_at, order.agreed_version = clock.now(), given.version
    audit.record_act(session, actor, "agreement:sign", order.subject, after={"version": given.version})
    clear_if_ready(session, order)
    return order


def _check(order: Order, given: SignAgreement) -> None:
    fields = {}
    if not given.agreed:
        fields["agreed"] = N_("Centang untuk menyatakan setuju; tanpa itu sertifikat tidak dapat diterbitkan.")
    if not is_same_name(given.name, order.holder_name):
        fields["name"] = N_("Tulis nama lengkap Anda seperti dalam FR-APL-01.")
    if fields:
        raise Invalid("agreement-not-signed", N_("Perjanjian belum ditandatangani."), fields=fields)
    if given.version != agreement_text().version:
        raise Conflict("agreement-changed", N_("Isi perjanjian sudah diperbarui. Baca lagi lalu tandatangani."))
