"""Registration's JSON API under `/registration/api`: importing a part adds its views."""

from services.registration.api import (  # noqa: F401 - adds their views
    accounts,
    applications,
    documents,
    periods,
    photos,
    requests,
    schemes,
    self_assessment,
    trial,
    verification,
)
from services.registration.api.blueprint import api
from shared.web.audit_pages import add_audit_route

add_audit_route(api)

__all__ = ["api"]
