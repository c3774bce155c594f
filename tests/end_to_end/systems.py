"""Whole systems as processes: embedded in one, and one process per service behind a proxy."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from werkzeug.middleware.http_proxy import ProxyMiddleware
from werkzeug.serving import BaseWSGIServer, make_server

from kompeten.services import NAMES

ROOT = Path(__file__).parents[2]
KOMPETEN = Path(sys.executable).with_name("kompeten")
PASSWORD = "contoh-kompeten"
START_SECONDS = 180


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except HTTPError as error:
        error.close()
        return False
    except (URLError, ConnectionError, TimeoutError):
        return False


class Process:
    """A `kompeten` command with its log."""

    def __init__(self, environment: dict[str, str], log: Path, *arguments: str) -> None:
        self.log = log
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [KOMPETEN, *arguments], env={**os.environ, **environment}, cwd=ROOT, stdout=out, stderr=out
            )

    def wait_until_it_answers(self, url: str) -> None:
        end = time.monotonic() + START_SECONDS
        while not answers(url):
            assert self.process.poll() is None, self.log.read_text()[-3000:]
            assert time.monotonic() < end, f"{url} does not answer: {self.log.read_text()[-3000:]}"
            time.sleep(0.1)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(40)


def embedded_settings(folder: Path, port: int) -> dict[str, str]:
    return {
        "KOMPETEN_DATA_DIR": str(folder),
        "KOMPETEN_LISTEN": f"127.0.0.1:{port}",
        "KOMPETEN_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "KOMPETEN_TRIAL": "true",
        "KOMPETEN_DEMO_PASSWORD": PASSWORD,
        "KOMPETEN_TIMER_SECONDS": "1",
    }


@contextmanager
def embedded(folder: Path, port: int, **environment: str) -> Iterator[Process]:
    """`kompeten up`, with more of an environment; its address is http://127.0.0.1:<port>."""
    system = Process(embedded_settings(folder, port) | environment, folder / "up.log", "up")
    try:
        system.wait_until_it_answers(f"http://127.0.0.1:{port}/registration/ready")
        yield system
    finally:
        if system.process.poll() is None:
            system.process.kill()
            system.process.wait(10)


@contextmanager
def deployed(folder: Path, environment: dict[str, str]) -> Iterator[str]:
    """A process per service on the given servers, behind one address, which is given."""
    ports = {service: free_port() for service in NAMES}
    front = make_server("127.0.0.1", 0, _proxy(ports), threaded=True)
    address = f"http://127.0.0.1:{front.server_port}"
    everybody = {
        **environment,
        "KOMPETEN_DATA_DIR": str(folder),
        "KOMPETEN_PUBLIC_URL": address,
        "KOMPETEN_TRIAL": "true",
        "KOMPETEN_DEMO_PASSWORD": PASSWORD,
        "KOMPETEN_TIMER_SECONDS": "1",
    }
    started: list[Process] = []
    try:
        for service, port in ports.items():
            own = {**everybody, "KOMPETEN_LISTEN": f"127.0.0.1:{port}"}
            started.append(Process(own, folder / f"{service}.log", "serve", service))
        for system, (service, port) in zip(started, ports.items(), strict=True):
            system.wait_until_it_answers(f"http://127.0.0.1:{port}/{service}/ready")
        with _served(front):
            yield address
        for system in started:
            assert system.stop() == 0, system.log.read_text()[-3000:]
    finally:
        for system in started:
            if system.process.poll() is None:
                system.process.kill()
                system.process.wait(10)


def _proxy(ports: dict[str, int]) -> ProxyMiddleware:
    targets = {
        f"/{service}": {"target": f"http://127.0.0.1:{port}", "remove_prefix": False, "host": None}
        for service, port in ports.items()
    }
    return ProxyMiddleware(lambda _environ, start: (start("404 Not Found", []), [b""])[1], targets, timeout=30)


@contextmanager
def _served(front: BaseWSGIServer) -> Iterator[None]:
    thread = threading.Thread(target=front.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        front.shutdown()
        front.server_close()
        thread.join(10)
