"""The lines of a batch, done after the transaction that started it (see `bulk.commands.batches`)."""

import logging
from typing import Any
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from services.certificate.bulk.commands import batches as bulk
from shared.database.unit import Database, DatabaseAway
from shared.errors import Refusal

log = logging.getLogger(__name__)

CHUNK = 50
"""Lines of one job, before the next is asked for: the service's other jobs wait no longer than these take."""


def do_batch_lines(database: Database, payload: dict[str, Any]) -> None:
    """The next lines of a batch, each in a transaction of its own; then the lines after them are asked for."""
    batch_id, run = UUID(payload["batch_id"]), payload["run"]
    with database.reading() as session:
        items = bulk.list_next_items(session, batch_id, run, CHUNK)
    for item in items:
        _do_item(database, item, run)
    with database.unit_of_work() as session:
        bulk.continue_batch(session, batch_id, run, payload["chunk"])


def _do_item(database: Database, item: UUID, run: int) -> None:
    try:
        with database.unit_of_work() as session:
            bulk.do_batch_item(session, item, run)
    except Refusal as refusal:
        with database.unit_of_work() as session:
            bulk.refuse_batch_item(session, item, refusal)
    except (DBAPIError, DatabaseAway):
        raise
    except Exception as error:
        log.exception("line %s of a batch", item)
        with database.unit_of_work() as session:
            bulk.fail_batch_item(session, item, error)
