"""Decision's pages under `/decision`: importing a part adds its views."""

from services.decision.pages import appeals, cases, meetings, officers, own, sitting, work  # noqa: F401 - they add views
from services.decision.pages.blueprint import MENU, pages

__all__ = ["MENU", "pages"]
