"""Certificate's JSON API under `/certificate/api`: importing a part adds its views."""

from services.certificate.agencies import api as _agencies  # noqa: F401 - each adds its views
from services.certificate.api import acts, credentials, orders, register  # noqa: F401
from services.certificate.blueprints import api
from services.certificate.bulk import api as _bulk  # noqa: F401
from services.certificate.checking import api as _checking  # noqa: F401
from services.certificate.paper import api as _paper  # noqa: F401
from services.certificate.trust import api as _trust  # noqa: F401

__all__ = ["api"]
