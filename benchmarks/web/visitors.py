"""Who sends a bomb, and who visits meanwhile."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count

VISIT = b"GET /registration/health HTTP/1.1\r\nHost: contoh.test\r\nConnection: close\r\n\r\n"
PATIENCE = 60.0
PAUSE = 0.01


def send_bomb(port: int, bomb: bytes) -> bytes:
    """Send the bytes and hear the answer out; its first line, empty where the server hung up."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line, suppress(OSError):
        with suppress(OSError):
            line.sendall(bomb)
        return line.makefile("rb").readline().strip()
    return b""


@contextmanager
def slow_requests(port: int, many: int) -> Iterator[None]:
    """Keep `many` requests open that never end."""
    begin = b"POST /registration/sign-in HTTP/1.1\r\nHost: contoh.test\r\nContent-Length: 9999\r\n\r\n"
    lines = []
    try:
        for _ in range(many):
            with suppress(OSError):
                line = socket.create_connection(("127.0.0.1", port), source_address=("127.0.0.2", 0), timeout=5)
                lines.append(line)
                line.sendall(begin)
        yield
    finally:
        for line in lines:
            line.close()


class Visitor(threading.Thread):
    """Asks for one cheap page again and again; `slowest` is the longest it waited, in seconds.

    Each comes from an address of its own: what others have read from theirs uses up nothing of what it may.
    """

    _addresses = count(1)

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self._from = (f"127.0.1.{next(self._addresses)}", 0)
        self._port, self._leaves = port, threading.Event()
        self.slowest, self.visits = 0.0, 0

    def run(self) -> None:
        """Visit until told to leave."""
        while not self._leaves.is_set():
            began = time.perf_counter()
            try:
                with socket.create_connection(("127.0.0.1", self._port), PATIENCE, self._from) as line:
                    line.sendall(VISIT)
                    served = b" 200 " in line.makefile("rb").readline()
            except OSError:
                served = False
            self.slowest = max(self.slowest, time.perf_counter() - began if served else PATIENCE)
            self.visits += 1
            time.sleep(PAUSE)

    def leave(self) -> None:
        """Come to an end; the last visit counts."""
        self._leaves.set()
        self.join()
