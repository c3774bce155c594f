"""The inventory of the head of certification (process 2.12)."""

from flask.typing import ResponseReturnValue

from services.surveillance import queries
from services.surveillance.access import INVENTORY_KEEPERS
from services.surveillance.inventory_csv import make_inventory_csv
from services.surveillance.models import Status
from services.surveillance.pages.blueprint import pages
from shared.errors import N_
from shared.web import (
    allow,
    current_actor,
    gettext,
    read_query,
    reading,
    render_page,
    unit_of_work,
)

SPANS = (
    ("7", N_("7 hari")),
    ("30", N_("30 hari")),
    ("90", N_("90 hari")),
    ("180", N_("180 hari")),
    ("365", N_("1 tahun")),
)


@pages.get("/inventory")
@allow(INVENTORY_KEEPERS)
def show_inventory() -> ResponseReturnValue:
    """Certificates about to expire, with filters by days left, scheme, state and words."""
    query: queries.InventoryQuery = read_query(queries.InventoryQuery)
    with reading() as session:
        found = queries.list_inventory(session, query)
        schemes = queries.list_scheme_choices(session)
    return render_page(
        "surveillance/inventory.html",
        found=found,
        query=query,
        schemes=schemes,
        states=list(Status),
        spans=[(code, gettext(name)) for code, name in SPANS],
    )


@pages.get("/inventory.csv")
@allow(INVENTORY_KEEPERS)
def show_inventory_csv() -> ResponseReturnValue:
    """The whole inventory that fits the filters, as a CSV attachment."""
    with unit_of_work() as session:
        rows = queries.list_whole_inventory(session, read_query(queries.InventoryQuery))
        return make_inventory_csv(session, current_actor(), rows)
