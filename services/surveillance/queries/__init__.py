"""What the pages and the API read."""

from services.surveillance.queries.holdings import HoldingView, chains_of, held_by, holding
from services.surveillance.queries.inventory import InventoryQuery, InventoryRow, inventory
from services.surveillance.queries.reports import (
    DocumentView,
    SurveillanceSummary,
    SurveillanceView,
    attached,
    proposals,
    surveillance,
    waiting_for_review,
)

__all__ = [
    "DocumentView",
    "HoldingView",
    "InventoryQuery",
    "InventoryRow",
    "SurveillanceSummary",
    "SurveillanceView",
    "attached",
    "chains_of",
    "held_by",
    "holding",
    "inventory",
    "proposals",
    "surveillance",
    "waiting_for_review",
]
