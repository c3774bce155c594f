"""Which schemes, holidays and codes the system works by, from which files: for staff and auditors (decision 62)."""

from flask import Response

from services.registration.access import DATA_READERS
from services.registration.pages.blueprint import pages
from shared.body_data import data_in_force
from shared.body_data.holidays import find_end_of_holidays
from shared.clock import today
from shared.schemes import shipped_schemes
from shared.web import allow, render_page


@pages.get("/data")
@allow(DATA_READERS)
def show_data_in_force() -> Response:
    """Every file in force with its origin and digest, the schemes with their units, all else as it is written."""
    tree = data_in_force()
    current = {scheme.id: scheme.version for scheme in shipped_schemes().current()}
    return render_page(
        "registration/data_in_force.html",
        digest=tree.digest,
        files=tree.list_all(),
        schemes=[(one, current.get(one.id) == one.version) for one in reversed(shipped_schemes().all())],
        texts=[file for file in tree.list_all() if file not in tree.schemes],
        holidays_end=find_end_of_holidays(today()),
    )
