"""Decision's JSON API under `/decision/api`: importing a part adds its views."""

from services.decision.access import LOST_FILE_READERS
from services.decision.api import appeals, cases, dossiers, meetings, officers, own  # noqa: F401 - they add their views
from services.decision.api.blueprint import api
from services.decision.kept_files import REGISTERS
from shared.web.lost_file_pages import add_lost_file_route

add_lost_file_route(api, REGISTERS, LOST_FILE_READERS)

__all__ = ["api"]
