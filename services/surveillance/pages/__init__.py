"""Surveillance's pages under `/surveillance`: importing a part adds its views."""

from services.surveillance.pages import holders, inventory, work  # noqa: F401 - they add their views
from services.surveillance.pages.blueprint import MENU, pages

__all__ = ["MENU", "pages"]
