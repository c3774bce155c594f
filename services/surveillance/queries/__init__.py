"""What pages and API read of certificates held and of their reports."""

from services.surveillance.queries.holdings import HoldingView, list_certificate_chains, list_holdings, view_holding
from services.surveillance.queries.inventory import (
    InventoryQuery,
    InventoryRow,
    RenewalState,
    list_inventory,
    list_scheme_choices,
    list_whole_inventory,
)
from services.surveillance.queries.reports import (
    DocumentView,
    SurveillanceSummary,
    SurveillanceView,
    describe_evidence,
    list_proposals,
    list_waiting_reviews,
    view_surveillance,
)

__all__ = [
    "DocumentView",
    "HoldingView",
    "InventoryQuery",
    "InventoryRow",
    "RenewalState",
    "SurveillanceSummary",
    "SurveillanceView",
    "describe_evidence",
    "list_certificate_chains",
    "list_holdings",
    "list_inventory",
    "list_proposals",
    "list_scheme_choices",
    "list_waiting_reviews",
    "list_whole_inventory",
    "view_holding",
    "view_surveillance",
]
