"""Where a process that issues certificates can be killed: kept apart from the process, which patches all it imports."""

from typing import Any

from services.certificate.making import jobs
from shared.messaging.relay import Publisher
from shared.objectstore.s3 import S3Store

POINTS: dict[str, tuple[Any, str, bool]] = {
    "numbering": (jobs, "number_certificate", True),
    "numbered": (jobs, "gather_sheet", False),
    "storing": (S3Store, "put", False),
    "stored": (S3Store, "put", True),
    "confirming": (jobs, "confirm_version", True),
    "publishing": (Publisher, "publish", False),
    "published": (Publisher, "publish", True),
}
"""What is called at each point, and whether the process dies after it is done or before."""
