"""The web server of a service: eventlet's, in nameko's hands, ending without cutting anybody off."""

import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import eventlet
from eventlet import wsgi
from nameko.extensions import DependencyProvider

from shared.database.opened import database_of
from shared.database.unit import Database
from shared.runtime.beginning import settle_what_is_loaded
from shared.runtime.connections import CONNECTIONS, IDLE_SECONDS, Places
from shared.runtime.counting import CountedApplication
from shared.runtime.protocol import PatientProtocol
from shared.runtime.service import Application
from shared.settings import settings


class Server:
    """Serves one WSGI application until told to stop, then lets the requests in hand finish."""

    def __init__(self, application: Application) -> None:
        self._counted = CountedApplication(application)
        self._socket: Any = None

    def listen(self) -> None:
        """Open the port of `KOMPETEN_LISTEN`; nothing is answered before `run`."""
        settle_what_is_loaded()
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
            protocol=partial(PatientProtocol, places=Places()),
            socket_timeout=IDLE_SECONDS,
            debug=False,
        )

    def stop(self, seconds: float) -> None:
        """Take no more requests; wait for those in hand, `seconds` at most."""
        self._counted.is_stopping = True
        self._socket.close()
        end = time.monotonic() + seconds
        while self._counted.in_hand and time.monotonic() < end:
            eventlet.sleep(0.02)


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
