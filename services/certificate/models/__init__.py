"""Certificate's tables."""

from services.certificate.models.agencies import Agency, Delivery, FeedKey, PublicEvent, Webhook
from services.certificate.models.base import Base
from services.certificate.models.bulk import Batch, BatchItem
from services.certificate.models.certificates import Certificate, Change, Counter, Version
from services.certificate.models.orders import Order
from services.certificate.models.paper import HandOver, StockRange, StockSheet
from services.certificate.models.trust import (
    SigningKey,
    StoreCheck,
    StoreFinding,
    Timestamp,
    TimestampLeaf,
)

__all__ = [
    "Agency",
    "Base",
    "Batch",
    "BatchItem",
    "Certificate",
    "Change",
    "Counter",
    "Delivery",
    "FeedKey",
    "HandOver",
    "Order",
    "PublicEvent",
    "SigningKey",
    "StockRange",
    "StockSheet",
    "StoreCheck",
    "StoreFinding",
    "Timestamp",
    "TimestampLeaf",
    "Version",
    "Webhook",
]
