"""Surveillance's JSON API under `/surveillance/api`: importing a part adds its views."""

from services.surveillance.api import holders, inventory, reviews  # noqa: F401 - they add their views
from services.surveillance.api.blueprint import api

__all__ = ["api"]
