"""Certificate's tables."""

from services.certificate.models.base import Base
from services.certificate.models.certificates import Certificate, Change, Counter, Version
from services.certificate.models.orders import Order

__all__ = ["Base", "Certificate", "Change", "Counter", "Order", "Version"]
