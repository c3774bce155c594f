"""Assessment's pages under `/assessment`: importing a part adds its views."""

from services.assessment.pages import (  # noqa: F401 - they add their views
    cases,
    preassessment,
    registers,
    sittings,
    theday,
    work,
)
from services.assessment.pages.blueprint import MENU, pages

__all__ = ["MENU", "pages"]
