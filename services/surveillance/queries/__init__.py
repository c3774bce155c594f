"""What the pages and the API read."""

from services.surveillance.queries.holdings import HoldingView, chains_of, held_by, holding
from services.surveillance.queries.inventory import (
    InventoryQuery,
    InventoryRow,
    RenewalState,
    inventory,
    scheme_choices,
    whole_inventory,
)
from services.surveillance.queries.reports import (
    DocumentView,
    SurveillanceSummary,
    SurveillanceView,
    attached,
    document_view,
    proposals,
    surveillance,
    waiting_for_review,
)

__all__ = [
    "DocumentView",
    "HoldingView",
    "InventoryQuery",
    "InventoryRow",
    "RenewalState",
    "SurveillanceSummary",
    "SurveillanceView",
    "attached",
    "chains_of",
    "document_view",
    "held_by",
    "holding",
    "inventory",
    "proposals",
    "scheme_choices",
    "surveillance",
    "waiting_for_review",
    "whole_inventory",
]
