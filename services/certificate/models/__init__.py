"""Certificate's tables: its own here, those of a package in its `models`, all of them in one metadata.

The packages' modules are imported, not their names: each of them imports this package in turn.
"""

from services.certificate.agencies import models as _agencies  # noqa: F401 - each adds its tables
from services.certificate.bulk import models as _bulk  # noqa: F401
from services.certificate.models.base import Base
from services.certificate.models.certificates import Certificate, Change, Counter, Version
from services.certificate.models.orders import Order
from services.certificate.models.registers import CERTIFICATES, CHANGES, VERSIONS
from services.certificate.paper import models as _paper  # noqa: F401
from services.certificate.trust import models as _trust  # noqa: F401

__all__ = [
    "CERTIFICATES",
    "CHANGES",
    "VERSIONS",
    "Base",
    "Certificate",
    "Change",
    "Counter",
    "Order",
    "Version",
]
