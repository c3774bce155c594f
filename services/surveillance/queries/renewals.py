"""What is asked of a certificate before its holder is invited to renew it: conditions on Holding for queries."""

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased

from services.surveillance.models import Holding, Renewal


def is_renewal_filed() -> ColumnElement[bool]:
    """SQL condition on Holding: its holder has an application to renew it, neither withdrawn nor failed."""
    return exists(
        select(Renewal.application_id).where(
            Renewal.number == Holding.number,
            Renewal.applicant_id == Holding.holder_id,
            Renewal.withdrawn.is_(False),
            Renewal.failed.is_(False),
        )
    )


def is_holding_followed() -> ColumnElement[bool]:
    """SQL condition on Holding: another certificate of the same holder renews it."""
    newer = aliased(Holding)
    return exists(select(newer.id).where(newer.renews == Holding.number, newer.holder_id == Holding.holder_id))
