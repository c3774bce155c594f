"""Registration's pages under `/registration`: importing a part adds its views."""

from services.registration.pages import (  # noqa: F401 - they add their views
    accounts,
    applications,
    data_in_force,
    documents,
    factor_proof,
    form,
    home,
    joining,
    moving,
    own_account,
    passkeys,
    periods,
    photos,
    requests,
    second_factor,
    second_step,
    self_assessment,
    sign_in,
    verification,
)
from services.registration.pages.blueprint import MENU, pages

__all__ = ["MENU", "pages"]
