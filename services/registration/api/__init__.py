"""Registration's JSON API under `/registration/api`: importing a part adds its views."""

from services.registration.access import LOST_FILE_READERS
from services.registration.api import (  # noqa: F401 - adds their views
    accounts,
    applications,
    documents,
    joining,
    periods,
    photos,
    requests,
    schemes,
    self_assessment,
    trial,
    verification,
)
from services.registration.api.blueprint import api
from services.registration.kept_files import REGISTERS
from shared.web.audit_pages import add_audit_route
from shared.web.lost_file_pages import add_lost_file_route

add_audit_route(api)
add_lost_file_route(api, REGISTERS, LOST_FILE_READERS)

__all__ = ["api"]
