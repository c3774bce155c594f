"""Surveillance's JSON API under `/surveillance/api`: importing a part adds its views."""

from services.surveillance.access import LOST_FILE_READERS
from services.surveillance.api import holders, inventory, reviews  # noqa: F401 - they add their views
from services.surveillance.api.blueprint import api
from services.surveillance.kept_files import REGISTERS
from shared.web.lost_file_pages import add_lost_file_route

add_lost_file_route(api, REGISTERS, LOST_FILE_READERS)

__all__ = ["api"]
