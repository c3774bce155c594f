"""Registration's pages under `/registration`: importing a part adds its views."""

from services.registration.pages import accounts, home, own_account, sign_in  # noqa: F401 - they add their views
from services.registration.pages.blueprint import MENU, pages

__all__ = ["MENU", "pages"]
