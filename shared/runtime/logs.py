"""Log lines: one JSON object each, on standard error, without personal data."""

import json
import logging
import sys
from datetime import UTC, datetime

from shared.messaging.context import correlation


class JsonLines(logging.Formatter):
    """`time`, `level`, `logger`, `message`, correlation id, what a security event says, and the traceback if any."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if correlation.get():
            line["correlation"] = correlation.get()
        line |= getattr(record, "security", {})
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def start_logging(level: str) -> None:
    """Send everything from `level` up to standard error; the libraries' chatter only from WARNING up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in ("nameko", "kombu", "amqp", "alembic", "httpx", "httpcore", "urllib3", "fontTools", "pyhanko"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
