"""Certificate's pages under `/certificate`: importing a part adds its views."""

from services.certificate.agencies import pages as _agencies  # noqa: F401 - each adds its views
from services.certificate.blueprints import MENU, pages
from services.certificate.bulk import pages as _bulk  # noqa: F401
from services.certificate.checking import pages as _checking  # noqa: F401
from services.certificate.pages import acts, orders, register  # noqa: F401
from services.certificate.paper import pages as _paper  # noqa: F401
from services.certificate.trust import pages as _trust  # noqa: F401

__all__ = ["MENU", "pages"]
