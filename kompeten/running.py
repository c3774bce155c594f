"""Running services: one in a container, or all of them embedded in one process."""

from collections.abc import Callable

import eventlet

from kompeten.front import make_front
from kompeten.services import find_service, list_services
from kompeten.topology import expect_all_services
from shared.messaging.consumer import STOPPING
from shared.messaging.providers import database_of
from shared.runtime.nameko_runner import make_runner, run_until_stopped
from shared.runtime.web import Server
from shared.settings import settings


def serve_service(name: str) -> None:
    """Run one service until SIGTERM; what is in hand is finished, within `drain_seconds`."""
    expect_all_services()
    run_until_stopped(make_runner([find_service(name)]))


class Embedded:
    """All services in this process, behind one address."""

    def __init__(self) -> None:
        expect_all_services()
        services = list_services()
        self.runner = make_runner(services, serve_web=False)
        self.front = Server(
            make_front({service.name: service.make_application(database_of(service.name)) for service in services})
        )

    def listen(self) -> None:
        """Answer requests from now on, whatever else has not started yet."""
        self.front.listen()
        eventlet.spawn(self.front.run)

    def start(self) -> None:
        """Answer requests and handle messages, in the background."""
        self.listen()
        self.runner.start()

    def stop(self) -> None:
        """End when what is in hand is finished, within `drain_seconds`."""
        STOPPING.set()
        self.front.stop(settings().drain_seconds)
        self.runner.stop()


def serve_embedded(ready: Callable[[], None] = lambda: None) -> None:
    """Run everything in this process until SIGTERM or Ctrl-C; `ready` is called once it answers."""
    embedded = Embedded()
    embedded.listen()
    run_until_stopped(embedded.runner, embedded.front, ready)
