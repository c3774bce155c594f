"""Runs declared services with nameko, in this process, until SIGTERM or Ctrl-C."""

import logging
import signal
from collections.abc import Callable, Iterable
from typing import Any

import eventlet
from nameko.runners import ServiceRunner

from shared.messaging.admission import Body
from shared.messaging.consumer import STOPPING, handle_batch
from shared.messaging.entrypoint import subscribe
from shared.messaging.providers import (
    DatabaseProvider,
    JobsProvider,
    RelayProvider,
    RetryProvider,
    TimersProvider,
    WatchProvider,
)
from shared.messaging.reactions import Reactions
from shared.runtime.ending import end_at_the_latest
from shared.runtime.service import Service
from shared.runtime.web import Server, WebProvider
from shared.settings import settings

__all__ = ["Server", "make_runner", "run_until_stopped"]

log = logging.getLogger(__name__)

MAX_WORKERS = 20
"""Greenlets of one service that handle messages; a batch takes one."""


def make_nameko_class(service: Service, *, serve_web: bool) -> type[Any]:
    """The nameko service class of a declaration; without `serve_web` somebody else answers its addresses."""
    members: dict[str, Any] = {
        "name": service.name,
        "database": DatabaseProvider(),
        "timers": TimersProvider(service.timers),
        "watch": WatchProvider(service.make_probes),
    }
    if service.reactions is not None:
        members |= {"retries": RetryProvider(service.reactions), "take": _make_entrypoint(service.reactions)}
    if service.tells:
        members["relay"] = RelayProvider(tells_agencies=service.tells_agencies)
    if service.jobs is not None:
        members["jobs"] = JobsProvider(service.jobs, service.workers)
    if serve_web:
        members["web"] = WebProvider(service.make_application)
    return type(f"{service.name.title()}Service", (), members)


def _make_entrypoint(reactions: Reactions) -> Any:
    def take(self: Any, bodies: list[Body]) -> BaseException | None:
        return handle_batch(self.database, reactions, bodies)

    return subscribe(reactions)(take)


def make_runner(services: Iterable[Service], *, serve_web: bool = True) -> ServiceRunner:
    """A nameko runner with these services, not started yet."""
    runner = ServiceRunner({"AMQP_URI": settings().broker_url, "max_workers": MAX_WORKERS})
    for service in services:
        runner.add_service(make_nameko_class(service, serve_web=serve_web))
    return runner


def run_until_stopped(
    runner: ServiceRunner, front: Server | None = None, ready: Callable[[], None] = lambda: None
) -> None:
    """Run until SIGTERM or Ctrl-C; `front` is a web server that stops first, `ready` is called once all has started.

    What is in hand is finished, within `drain_seconds`.
    """

    def stop() -> None:
        if front is not None:
            front.stop(settings().drain_seconds)
        runner.stop()

    def asked_to_end(_signal: int, _frame: Any) -> None:
        if STOPPING.is_set():
            return
        STOPPING.set()
        end_at_the_latest(settings().drain_seconds, eventlet.patcher.original("threading"))
        eventlet.spawn_n(stop)

    signal.signal(signal.SIGTERM, asked_to_end)
    signal.signal(signal.SIGINT, asked_to_end)
    runner.start()
    ready()
    runner.wait()
    log.info("ended: all that was in hand is done")
