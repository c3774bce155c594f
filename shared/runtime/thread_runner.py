"""Runs declared services with native threads, in this process, until SIGTERM or Ctrl-C: no nameko, no eventlet."""

import logging
import os
import signal
import threading
from collections.abc import Callable, Iterable
from typing import Any

from shared.database.opened import database_of
from shared.messaging.background import Background, Relaying, Retrying, Ticking, Working
from shared.messaging.consumer import STOPPING
from shared.messaging.thread_consumer import ThreadConsumer
from shared.observability.watching import Watching
from shared.runtime.ending import end_at_the_latest
from shared.runtime.service import Service
from shared.runtime.thread_web import ThreadServer as Server
from shared.settings import settings

__all__ = ["Server", "ThreadRunner", "make_runner", "run_until_stopped"]

log = logging.getLogger(__name__)


def make_background(service: Service) -> list[Background]:
    """What runs in the background of a declared service."""
    database = database_of(service.name)
    parts: list[Background] = [Ticking(database, service.timers), Watching(database, service.make_probes())]
    if service.reactions is not None:
        parts.append(Retrying(database, service.reactions))
    if service.tells:
        parts.append(Relaying(database, tells_agencies=service.tells_agencies))
    if service.jobs is not None:
        parts.append(Working(database, service.jobs, service.workers))
    return parts


class ThreadRunner:
    """Some services, not started yet; with `serve_web` each answers its own addresses at `KOMPETEN_LISTEN`."""

    def __init__(self, services: Iterable[Service], *, serve_web: bool = True) -> None:
        self._background: list[Background] = []
        self._consumers: list[ThreadConsumer] = []
        self._servers: list[Server] = []
        self._threads: list[threading.Thread] = []
        for service in services:
            database = database_of(service.name)
            self._background += make_background(service)
            if service.reactions is not None:
                self._consumers.append(ThreadConsumer(database, service.reactions))
            if serve_web:
                self._servers.append(Server(service.make_application(database)))

    def start(self) -> None:
        """Start everything, in threads of its own."""
        for part in self._background:
            part.begin()
        loops = [loop for part in self._background for loop in part.loops()]
        loops += [consumer.run for consumer in self._consumers]
        self._threads = [threading.Thread(target=end_process_with, args=(loop,), daemon=True) for loop in loops]
        for thread in self._threads:
            thread.start()
        for server in self._servers:
            server.start_serving()

    def stop(self) -> None:
        """End when what is in hand is finished."""
        for server in self._servers:
            server.stop(settings().drain_seconds)
        for consumer in self._consumers:
            consumer.stop()
        for part in self._background:
            part.ask_to_stop()
        for thread in self._threads:
            thread.join()
        for part in self._background:
            part.end()


def end_process_with(loop: Callable[[], None]) -> None:
    """Run a loop of the service; should it fail, end the process: better started anew than living on without a part.

    Safe: what was not committed was not acknowledged either, and comes again.
    """
    try:
        loop()
    except BaseException:
        log.critical("a part of the service has failed: the process ends", exc_info=True)
        os._exit(1)


def make_runner(services: Iterable[Service], *, serve_web: bool = True) -> ThreadRunner:
    """A thread runner with these services, not started yet."""
    return ThreadRunner(services, serve_web=serve_web)


def run_until_stopped(
    runner: ThreadRunner, front: Server | None = None, ready: Callable[[], None] = lambda: None
) -> None:
    """Run until SIGTERM or Ctrl-C; `front` is a web server that stops first, `ready` is called once all has started.

    What is in hand is finished, within `drain_seconds`.
    """
    reader, writer = os.pipe()

    def ask_to_end(_signal: int, _frame: Any) -> None:
        os.write(writer, b"!")  # a handler that sets a flag waits for a lock its own thread may hold

    signal.signal(signal.SIGTERM, ask_to_end)
    signal.signal(signal.SIGINT, ask_to_end)
    runner.start()
    ready()
    os.read(reader, 1)
    STOPPING.set()
    end_at_the_latest(settings().drain_seconds, threading)
    if front is not None:
        front.stop(settings().drain_seconds)
    runner.stop()
    log.info("ended: all that was in hand is done")
