"""Work after the transaction: the minutes of a closed meeting are set and stored."""

from typing import Any
from uuid import UUID

from services.decision import minutes
from services.decision.commands.meetings import MINUTES
from shared.database.unit import Database
from shared.messaging.jobs import Jobs

jobs = Jobs("decision")


@jobs.does(MINUTES)
def write_minutes(database: Database, payload: dict[str, Any]) -> None:
    """Set and store the minutes of the meeting `payload` names, after it was closed."""
    minutes.store_minutes(database, UUID(payload["meeting_id"]))
