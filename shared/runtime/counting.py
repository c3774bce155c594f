"""The application between a web server and its requests: how many are in hand, and a line in the log for each."""

import logging
import time
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any

from shared.runtime.connections import FULL, RETRY_SECONDS, Places
from shared.runtime.service import Application
from shared.web.proxies import find_asker

TEXT = [("Content-Type", "text/plain; charset=utf-8"), ("Retry-After", str(RETRY_SECONDS))]

log = logging.getLogger("kompeten.web")


class CountedApplication:
    """Hands requests on to `application`; `in_hand` of them are being answered now.

    No address has more than its share of them: what is beyond is refused (429). Once `is_stopping`, each answer asks
    for its connection to be closed, so that no further request comes by it.
    """

    def __init__(self, application: Application) -> None:
        self._application = application
        self._lock = Lock()
        self._places = Places()
        self.in_hand = 0
        self.is_stopping = False

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        started = time.perf_counter()
        status = "500"

        def start(line: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            nonlocal status
            status = line[:3]
            if self.is_stopping:
                headers = [*headers, ("Connection", "close")]
            return start_response(line, headers, *rest)

        asker = find_asker(environ)
        if not self._places.take(asker):
            start("429 Too Many Requests", [*TEXT, ("Content-Length", str(len(FULL))), ("Connection", "close")])
            return [FULL]
        with self._lock:
            self.in_hand += 1
        try:
            return self._application(environ, start)
        finally:
            with self._lock:
                self.in_hand -= 1
            self._places.leave(asker)
            milliseconds = 1000 * (time.perf_counter() - started)
            log.debug("%s %s %s %.1f ms", environ["REQUEST_METHOD"], _route(environ), status, milliseconds)


def _route(environ: dict[str, Any]) -> str:
    """The path without its query, which may be personal."""
    return f"{environ.get('SCRIPT_NAME', '')}{environ.get('PATH_INFO', '')}"
