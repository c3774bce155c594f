"""Decision's pages under `/decision`: importing a part adds its views."""

from services.decision.pages import (  # noqa: F401 - they add views
    appeals,
    cases,
    dossiers,
    meetings,
    officers,
    own,
    sitting,
    work,
)
from services.decision.pages.blueprint import MENU, pages

__all__ = ["MENU", "pages"]
