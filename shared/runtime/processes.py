"""Running services: one in a container, or all of them embedded in one process."""

import gc
import logging
import os
import signal
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

import eventlet
from nameko.runners import ServiceRunner

from shared.messaging.entrypoint import STOPPING
from shared.messaging.providers import database_of
from shared.runtime.web import Application, Server
from shared.settings import SERVICES, settings

log = logging.getLogger(__name__)


def service_class(name: str) -> type[Any]:
    """`services/<name>/service.py` declares `<Name>Service`."""
    found: type[Any] = getattr(import_module(f"services.{name}.service"), f"{name.title()}Service")
    return found


def application_of(name: str) -> Application:
    """The web application of a service."""
    make: Callable[..., Application] = import_module(f"services.{name}.service").application
    return make(database_of(name))


def runner_for(names: Sequence[str], front: bool) -> ServiceRunner:
    config = {"AMQP_URI": settings().broker_url, "max_workers": 20, "KOMPETEN_FRONT": front}
    runner = ServiceRunner(config)
    for name in names:
        runner.add_service(service_class(name))
    return runner


def serve(name: str) -> None:
    """Run one service until SIGTERM; what is in hand is finished, within `drain_seconds`."""
    run(runner_for([name], front=False))


class Embedded:
    """All services in this process, behind one address."""

    def __init__(self) -> None:
        self.runner = runner_for(SERVICES, front=True)
        self.front = Server(front({name: application_of(name) for name in SERVICES}))

    def listen(self) -> None:
        self.front.listen()
        eventlet.spawn(self.front.run)

    def start(self) -> None:
        self.listen()
        self.runner.start()

    def stop(self) -> None:
        STOPPING.set()
        self.front.stop(settings().drain_seconds)
        self.runner.stop()


def serve_embedded(ready: Callable[[], None] = lambda: None) -> None:
    """Run everything in this process until SIGTERM or Ctrl-C; `ready` is called once it answers."""
    embedded = Embedded()
    embedded.listen()
    run(embedded.runner, embedded.front, ready)


def front(applications: dict[str, Application]) -> Application:
    """What a proxy does in front of the containers: the first part of the path names the service."""

    def dispatch(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        name = environ.get("PATH_INFO", "").lstrip("/").partition("/")[0]
        if name in applications:
            return applications[name](environ, start_response)
        if name in ("", "favicon.ico"):
            start_response("303 See Other", [("Location", "/registration/"), ("Content-Length", "0")])
            return [b""]
        return applications["registration"](environ, start_response)

    return dispatch


def run(runner: ServiceRunner, front_server: Server | None = None, ready: Callable[[], None] = lambda: None) -> None:
    def stop() -> None:
        if front_server is not None:
            front_server.stop(settings().drain_seconds)
        runner.stop()

    def asked_to_end(_signal: int, _frame: Any) -> None:
        if STOPPING.is_set():
            return
        STOPPING.set()
        _end_at_the_latest(settings().drain_seconds)
        eventlet.spawn_n(stop)

    signal.signal(signal.SIGTERM, asked_to_end)
    signal.signal(signal.SIGINT, asked_to_end)
    runner.start()
    ready()
    _settle()
    runner.wait()
    log.info("ended: all that was in hand is done")


def _settle() -> None:
    """What was loaded stays: the garbage collector need not look at it again, which took a fifth of a second a time."""
    gc.collect()
    gc.freeze()


def _end_at_the_latest(seconds: float) -> None:
    """End the process by a real thread, whatever the event loop hangs in (a broker that has gone, say).

    Safe: what was not committed was not acknowledged either, and comes again.
    """
    timer = eventlet.patcher.original("threading").Timer(seconds, os._exit, (0,))
    timer.daemon = True
    timer.start()
