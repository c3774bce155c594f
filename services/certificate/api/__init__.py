"""Certificate's JSON API under `/certificate/api`: importing a part adds its views."""

from services.certificate.api import (  # noqa: F401 - adds their views
    acts,
    agencies,
    bulk,
    check,
    credentials,
    orders,
    paper,
    register,
    trust,
)
from services.certificate.api.blueprint import api

__all__ = ["api"]
