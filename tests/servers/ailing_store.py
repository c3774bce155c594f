"""S3 servers that ail: each takes connections, counts them, and behaves badly in one way."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

Behaviour = Callable[[socket.socket, Event], None]

ILL = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n"
EMPTY = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nETag: x\r\nLast-Modified: Fri, 27 Nov 2026 00:00:00 GMT\r\n\r\n"


class Ailing:
    """`endpoint` of the server, how many requests came to it, and what it does with each: `behaviour` may change."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.requests = 0
        self._ended = Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"127.0.0.1:{self._listener.getsockname()[1]}"
        Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._ended.set()
        self._listener.close()

    def wait_for(self, count: int) -> int:
        """How many requests came, once `count` did or after half a minute: one given up on is counted a bit later."""
        end = time.monotonic() + 30
        while self.requests < count and time.monotonic() < end:
            time.sleep(0.005)
        return self.requests

    def _serve(self) -> None:
        while True:
            try:
                taken, _ = self._listener.accept()
            except OSError:
                return
            Thread(target=self._answer, args=(taken,), daemon=True).start()

    def _answer(self, taken: socket.socket) -> None:
        with taken, suppress(OSError):
            while taken.recv(1, socket.MSG_PEEK):
                self.requests += 1
                self.behaviour(taken, self._ended)


def hang(taken: socket.socket, ended: Event) -> None:
    """Take the request and never answer."""
    read_request(taken)
    ended.wait()
    taken.close()


def say_ill(taken: socket.socket, _: Event) -> None:
    """Answer 503 and ask to be left alone for two minutes."""
    read_request(taken)
    taken.sendall(ILL)


def say_well(taken: socket.socket, _: Event) -> None:
    """Answer that all is well."""
    read_request(taken)
    taken.sendall(EMPTY)


def drip(taken: socket.socket, ended: Event) -> None:
    """Announce a file and send a byte of it every now and then, for as long as somebody listens."""
    read_request(taken)
    taken.sendall(EMPTY.replace(b"Content-Length: 0", b"Content-Length: 100000"))
    while not ended.wait(0.02):
        taken.sendall(b".")


def sip(taken: socket.socket, ended: Event) -> None:
    """Take a file in drops."""
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    while not ended.wait(0.02) and taken.recv(2048):
        pass


def read_request(taken: socket.socket) -> None:
    """Read one request, body and all."""
    head = b""
    while b"\r\n\r\n" not in head:
        head += _more(taken)
    head, _, body = head.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    left = (int(lengths[0].split(b":")[1]) if lengths else 0) - len(body)
    while left > 0:
        left -= len(_more(taken))


def _more(taken: socket.socket) -> bytes:
    got = taken.recv(65536)
    if not got:
        raise ConnectionAbortedError
    return got


@contextmanager
def ailing_server(behaviour: Behaviour) -> Iterator[Ailing]:
    """A server that behaves like that for as long as the block lasts."""
    server = Ailing(behaviour)
    try:
        yield server
    finally:
        server.close()
