"""Registration's pages under `/registration`: importing a part adds its views."""

from services.registration.pages import (  # noqa: F401 - they add their views
    accounts,
    applications,
    documents,
    form,
    home,
    own_account,
    periods,
    photos,
    requests,
    second_factor,
    self_assessment,
    sign_in,
    verification,
)
from services.registration.pages.blueprint import MENU, pages

__all__ = ["MENU", "pages"]
