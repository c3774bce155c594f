"""Both web servers, each in a process of its own, with short limits."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import pytest

from tests.integration.web.client import Line
from tests.servers.processes import free_port


@dataclass(frozen=True)
class Served:
    """A running server."""

    port: int

    def connect(self, begin: bytes = b"", *, source: str = "127.0.0.1") -> Line:
        """A connection of our own to it, from the address `source`, with `begin` sent already."""
        return Line(self.port, begin, source)


Serve = Callable[..., Served]


@contextmanager
def serving(runner: str, settings: dict[str, str]) -> Iterator[Served]:
    port = free_port()
    environment = {
        **os.environ,
        "KOMPETEN_LISTEN": f"127.0.0.1:{port}",
        "KOMPETEN_RUNNER": runner,
        **{f"KOMPETEN_{name.upper()}": value for name, value in settings.items()},
    }
    command = [sys.executable, "-m", "tests.integration.web.serving", runner]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline().strip() == b"ready"
            yield Served(port)
        finally:
            process.kill()


@pytest.fixture(scope="package", params=["nameko", "threads"])
def serve(request: pytest.FixtureRequest) -> Iterator[Serve]:
    """The server with settings, such as `serve(head_seconds="1")`: started when first asked for."""
    with ExitStack() as stack:
        started: dict[tuple[tuple[str, str], ...], Served] = {}

        def find(**settings: str) -> Served:
            key = tuple(sorted(settings.items()))
            if key not in started:
                started[key] = stack.enter_context(serving(request.param, settings))
            return started[key]

        yield find
