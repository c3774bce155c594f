"""Ports, waiting and background processes for the servers that tests start."""

import os
import random
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.servers.guardian import MARK_VARIABLE

# Below the kernel's range for outgoing connections: a server that stops and starts again finds its port still free.
PORTS = range(20_000, 32_000)


class ServerFailed(RuntimeError):
    """A server did not come up, or a program it needs cannot be had; the message says where its log is."""


def free_port(*, taken: frozenset[int] = frozenset()) -> int:
    """A loopback TCP port nobody listens on and that is not in `taken`."""
    for port in random.sample(PORTS, 500):
        if port in taken:
            continue
        with socket.socket() as candidate:
            try:
                candidate.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise ServerFailed("no free port between 20000 and 32000 on 127.0.0.1")


def free_ports(count: int) -> list[int]:
    """As many different free ports as asked for."""
    ports: list[int] = []
    for _ in range(count):
        ports.append(free_port(taken=frozenset(ports)))
    return ports


def listens(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a TCP connection to the port is accepted."""
    with socket.socket() as client:
        client.settimeout(1)
        return client.connect_ex((host, port)) == 0


def wait_for(ready: Callable[[], bool], what: str, seconds: float, alive: Callable[[], bool] = lambda: True) -> None:
    """Ask `ready` every 100 ms; ServerFailed after `seconds`, or at once when `alive` says that it is over."""
    limit = time.monotonic() + seconds
    while not ready():
        if not alive():
            raise ServerFailed(f"{what} ended while starting")
        if time.monotonic() > limit:
            raise ServerFailed(f"{what} was not ready within {seconds:.0f} s")
        time.sleep(0.1)


def launch(
    command: Sequence[str],
    *,
    log: Path,
    mark: str,
    environment: Mapping[str, str] | None = None,
    user: str | None = None,
    directory: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start a server in a session of its own, so that a Ctrl-C at the tests doesn't reach it, marked and logged."""
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {}), MARK_VARIABLE: mark},
            user=user,
            group=user,
            extra_groups=[] if user else None,
            cwd=directory,
            start_new_session=True,
        )


def run(
    command: Sequence[str],
    *,
    seconds: float = 60,
    environment: Mapping[str, str] | None = None,
    user: str | None = None,
    directory: Path | None = None,
) -> str:
    """Run a command to its end and give its output; ServerFailed with that output when it fails or takes too long."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=seconds,
            env={**os.environ, **(environment or {})},
            user=user,
            group=user,
            extra_groups=[] if user else None,
            cwd=directory,
        )
    except subprocess.TimeoutExpired as error:
        raise ServerFailed(f"{command[0]} took longer than {seconds:.0f} s") from error
    if done.returncode:
        raise ServerFailed(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout[-4000:]}")
    return done.stdout


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log, for the message of a failure."""
    if not log.exists():
        return f"({log} was never written)"
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
