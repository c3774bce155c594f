"""Running services: one in a container, or all of them embedded in one process."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import make_url

from kompeten.front import make_front
from kompeten.services import find_service, list_services
from kompeten.topology import expect_all_services
from shared.database.opened import database_of
from shared.messaging.consumer import STOPPING
from shared.settings import settings


def choose_runner() -> Any:
    """The module that runs services, by KOMPETEN_RUNNER: `make_runner`, `run_until_stopped`, `Server`.

    Only the libraries of the chosen one are loaded. Raises ValueError for a driver that would stop the chosen one:
    psycopg 3 gives way to no greenlet, so that every statement would keep the whole service waiting.
    """
    if settings().runner == "threads":
        from shared.runtime import thread_runner

        return thread_runner
    if make_url(settings().database_url or "sqlite://").get_driver_name() == "psycopg":
        raise ValueError(
            "KOMPETEN_DATABASE_URL names psycopg 3, which KOMPETEN_RUNNER=nameko cannot run on:"
            " write postgresql+psycopg2://"
        )
    from shared.runtime import nameko_runner

    return nameko_runner


def serve_service(name: str) -> None:
    """Run one service until SIGTERM; what is in hand is finished, within `drain_seconds`."""
    expect_all_services()
    runner = choose_runner()
    runner.run_until_stopped(runner.make_runner([find_service(name)]))


class Embedded:
    """All services in this process, behind one address."""

    def __init__(self) -> None:
        expect_all_services()
        services = list_services()
        chosen = choose_runner()
        self.runner = chosen.make_runner(services, serve_web=False)
        self.front = chosen.Server(
            make_front({service.name: service.make_application(database_of(service.name)) for service in services})
        )

    def listen(self) -> None:
        """Answer requests from now on, whatever else has not started yet."""
        self.front.start_serving()

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
    choose_runner().run_until_stopped(embedded.runner, embedded.front, ready)
