"""Certificate's pages under `/certificate`: importing a part adds its views."""

from services.certificate.pages import (  # noqa: F401 - they add their views
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
from services.certificate.pages.blueprint import MENU, pages

__all__ = ["MENU", "pages"]
