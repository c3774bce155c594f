"""The inventory of certificates about to expire (process 2.12)."""

from flask import Response

from services.surveillance import queries
from services.surveillance.access import INVENTORY_KEEPERS
from services.surveillance.api.blueprint import api
from services.surveillance.inventory_csv import make_inventory_csv
from shared.web import (
    Page,
    allow,
    current_actor,
    file_response,
    reading,
    unit_of_work,
)


@api.get("/inventory", responses={200: Page[queries.InventoryRow]})
@allow(INVENTORY_KEEPERS)
def get_inventory(query: queries.InventoryQuery) -> Page[queries.InventoryRow]:
    """Certificates that expire within six months, or within the days asked for, soonest first."""
    with reading() as session:
        return queries.list_inventory(session, query)


@api.get("/inventory.csv", responses={200: file_response("text/csv")})
@allow(INVENTORY_KEEPERS)
def get_inventory_csv(query: queries.InventoryQuery) -> Response:
    """The whole inventory that fits the question, on one page, as CSV for a spreadsheet."""
    with unit_of_work() as session:
        return make_inventory_csv(session, current_actor(), queries.list_whole_inventory(session, query))
