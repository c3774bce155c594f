"""HTTP as eventlet speaks it, for clients that would never come to an end, or would hold every connection."""

import re
from typing import Any

from eventlet import wsgi

from shared.runtime.connections import HEAD_BYTES, IDLE_SECONDS, TOO_MANY, Places
from shared.runtime.input import ChunkedInput, PatientInput
from shared.runtime.patience import Patience, PatientWriter
from shared.settings import settings
from shared.web.proxies import is_proxy

LENGTH = re.compile(r"[0-9]{1,15}", re.ASCII)

HEAD_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
BAD_FRAME = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class PatientProtocol(wsgi.HttpProtocol):
    """One connection. Head, body and answer of a request each have their seconds (`KOMPETEN_HEAD_SECONDS` and so on).

    `places` counts the connections of each address; a proxy, which brings everybody's requests, may have any number.
    """

    def __init__(self, conn_state: Any, server: Any, *, places: Places) -> None:
        self._places = places
        self._is_first = True
        super().__init__(conn_state, server)

    def setup(self) -> None:
        """Prepare to read and write."""
        super().setup()
        self.wfile: Any = PatientWriter(self.wfile)

    def handle(self) -> None:
        """Answer the requests of this connection, unless its address has too many others."""
        address = str(self.client_address[0])
        if is_proxy(address):
            super().handle()
        elif self._places.take(address):
            try:
                super().handle()
            finally:
                self._places.leave(address)
        else:
            self.wfile.write(TOO_MANY)

    def handle_one_request(self) -> None:
        """Answer the next request. Raises TimeoutError when none comes."""
        config = settings()
        self._head = Patience(self.connection, config.head_seconds)
        self._body = Patience(self.connection, config.body_seconds)
        self.wfile.patience = Patience(self.connection, config.answer_seconds)
        if not self._has_begun(config.head_seconds if self._is_first else IDLE_SECONDS):
            self.close_connection = True
            return
        self._is_first = False
        self._head.begin()
        try:
            super().handle_one_request()
        finally:
            self._head.end()

    def parse_request(self) -> bool:
        """Take the head apart; False, and answered, when it is none, too large, or does not say where the body ends."""
        try:
            if not super().parse_request():
                return False
        finally:
            self._head.end()
        if self.rfile.total_header_size + len(self.raw_requestline) > HEAD_BYTES:
            return self._refuse(HEAD_TOO_LARGE)
        return self._is_framed() or self._refuse(BAD_FRAME)

    def _is_framed(self) -> bool:
        """Whether the head says in one way where the body ends (RFC 9112 6.3): the rest is else read as requests."""
        lengths = self.headers.get_all("Content-Length", [])
        codings = [coding.strip().lower() for coding in self.headers.get_all("Transfer-Encoding", [])]
        return (
            len(lengths) + len(codings) <= 1
            and all(LENGTH.fullmatch(length) for length in lengths)
            and codings in ([], ["chunked"])
        )

    def log_message(self, format: str, *args: Any) -> None:
        """Write nothing: what was no request may be anything, also the password of a body that was read as one."""

    def get_environ(self) -> dict[str, Any]:
        """What the application is told of the request; reading the body has an end."""
        environ: dict[str, Any] = super().get_environ()
        given = environ["eventlet.input"]
        made = ChunkedInput if given.chunked_input else PatientInput
        environ["wsgi.input"] = environ["eventlet.input"] = made(given, self._body)
        if given.chunked_input:
            environ["wsgi.input_terminated"] = True
        return environ

    def handle_one_response(self) -> None:
        """Answer, and read what is left of the body; the connection ends where there is more of it than is taken."""
        super().handle_one_response()
        body = self.environ["eventlet.input"]
        if body.is_at_end:
            return
        if self.close_connection and not body.should_send_hundred_continue:
            body.discard()
        self.close_connection = True

    def _has_begun(self, seconds: float) -> bool:
        self.connection.settimeout(seconds)
        try:
            return bool(self.rfile.peek(1))
        finally:
            self.connection.settimeout(self.server.socket_timeout)

    def _refuse(self, answer: bytes) -> bool:
        self.wfile.write(answer)
        self.close_connection = True
        return False
