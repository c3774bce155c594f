"""Other agencies are told of what is new, every `KOMPETEN_FEED_SECONDS`."""

from services.certificate.agencies.webhooks import find_postman, number_new_events
from shared.database.unit import Database
from shared.settings import settings


def tell_agencies(database: Database) -> None:
    """New public events get their place in the feed, and go to the webhooks; these wait while KOMPETEN_QUIET holds."""
    number_new_events(database)
    if settings().quiet:
        return
    find_postman(database).round()
