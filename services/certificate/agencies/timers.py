"""Other agencies are told of what is new, every `KOMPETEN_FEED_SECONDS`."""

from services.certificate.agencies.webhooks import find_postman, number_new_events
from shared.database.unit import Database


def tell_agencies(database: Database) -> None:
    """New public events get their place in the feed, and go to the webhooks."""
    number_new_events(database)
    find_postman(database).round()
