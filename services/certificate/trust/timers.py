"""The register is stamped and its store checked, without anybody asking for it."""

import logging

from services.certificate.trust.commands.store_check import check_store_daily
from services.certificate.trust.commands.timestamping import stamp_register
from shared.database.unit import Database
from shared.objectstore import StoreUnavailable
from shared.settings import settings

log = logging.getLogger(__name__)


def stamp_new_certificates(database: Database) -> None:
    """New certificates of the register come under a time stamp, where an authority is named; not while it is quiet."""
    if not settings().quiet:
        stamp_register(database)


def check_store(database: Database) -> None:
    """Register and store are compared once a day; a check that was interrupted goes on."""
    try:
        check_store_daily(database)
    except StoreUnavailable as error:
        log.warning("the check of the store waits: %s", error)
