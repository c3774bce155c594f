"""The web server of a service: eventlet's, in nameko's hands, ending without cutting anybody off."""

import logging
import time
from collections.abc import Callable, Iterable
from typing import Any

import eventlet
from eventlet import wsgi
from nameko.extensions import DependencyProvider

from shared.database.opened import database_of
from shared.database.unit import Database
from shared.runtime.service import Application
from shared.settings import settings

log = logging.getLogger("kompeten.web")
CONNECTIONS = 1000


class Server:
    """Serves one WSGI application until told to stop, then lets the requests in hand finish."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._active = 0
        self._stopping = False
        self._socket: Any = None

    def listen(self) -> None:
        """Open the port of `KOMPETEN_LISTEN`; nothing is answered before `run`."""
        host, _, port = settings().listen.rpartition(":")
        self._socket = eventlet.listen((host or "0.0.0.0", int(port)), backlog=512)  # noqa: S104 - in a container

    def start_serving(self) -> None:
        """Answer requests from now on, in a greenlet of its own."""
        self.listen()
        eventlet.spawn(self.run)

    def run(self) -> None:
        """Answer requests until `stop`."""
        wsgi.server(
            self._socket,
            self._counted,
            log=logging.getLogger("eventlet.wsgi"),
            log_output=False,
            max_size=CONNECTIONS,
            socket_timeout=75,
            debug=False,
        )

    def stop(self, seconds: float) -> None:
        """Take no more requests; wait for those in hand, `seconds` at most."""
        self._stopping = True
        self._socket.close()
        end = time.monotonic() + seconds
        while self._active and time.monotonic() < end:
            eventlet.sleep(0.02)

    def _counted(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        started = time.perf_counter()
        status = "500"

        def start(line: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            nonlocal status
            status = line[:3]
            if self._stopping:
                headers = [*headers, ("Connection", "close")]
            return start_response(line, headers, *rest)

        self._active += 1
        try:
            return self._application(environ, start)
        finally:
            self._active -= 1
            milliseconds = 1000 * (time.perf_counter() - started)
            log.debug("%s %s %s %.1f ms", environ["REQUEST_METHOD"], _route(environ), status, milliseconds)


def _route(environ: dict[str, Any]) -> str:
    """The path without its query, which may be personal."""
    return f"{environ.get('SCRIPT_NAME', '')}{environ.get('PATH_INFO', '')}"


class WebProvider(DependencyProvider):
    """Serves the service's application. Embedded there is none: one server in front serves them all."""

    def __init__(self, application: Callable[[Database], Application]) -> None:
        self.application = application

    def start(self) -> None:
        self.server = Server(self.application(database_of(self.container.service_name)))
        self.server.listen()
        self.thread = self.container.spawn_managed_thread(self.server.run)

    def stop(self) -> None:
        self.server.stop(settings().drain_seconds)
        self.thread.kill()
