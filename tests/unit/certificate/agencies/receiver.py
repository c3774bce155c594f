"""An agency's end of a webhook: a real HTTP server that answers as a test wants."""

import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from standardwebhooks.webhooks import Webhook


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    def verified(self, secret: str) -> Any:
        """What it says, once the official library has verified it."""
        return Webhook(secret).verify(self.body, self.headers)


@dataclass
class Answer:
    """How a request is answered: `drip` sends the body byte by byte with that many seconds between."""

    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    wait: float = 0
    drip: float = 0


class Receiver:
    """Listens on the loopback; `answer` decides on each request, given how many came before it. `finished` counts the
    answers that were said to their end.
    """

    def __init__(self, answer: Callable[[int], Answer] = lambda _: Answer(), tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Request] = []
        self.answer = answer
        self.finished = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_address[1]
        self._scheme = "https" if tls else "http"

    @property
    def url(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self.port}/hook?from=contoh"

    @property
    def ids(self) -> list[str]:
        return [request.id for request in self.requests]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.requests.append(Request(self.path, headers, body))
            answer = receiver.answer(len(receiver.requests) - 1)
            time.sleep(answer.wait)
            try:
                self._say(answer)
            except OSError:
                self.close_connection = True

        def _say(self, answer: Answer) -> None:
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            for start in range(len(answer.body)) if answer.drip else ():
                self.wfile.write(answer.body[start : start + 1])
                time.sleep(answer.drip)
            if not answer.drip:
                self.wfile.write(answer.body)
            receiver.finished += 1

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    return Handler
