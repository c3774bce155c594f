"""Bodies of requests, as eventlet's server hands them to the application: waited for with patience, chunks counted."""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from eventlet import wsgi

from shared.runtime.patience import Patience
from shared.web.bodies import KIB, largest_body

FEW_CHUNKS = 1_000
SMALL_CHUNK = 512
"""Beyond `FEW_CHUNKS`, chunks must have so many bytes each on average: one of a byte costs more than it brings."""
CHUNK_LINE = 256
"""Bytes of the line before a chunk, and of a trailer."""
TRAILERS = 20
SIZE = re.compile(rb"[0-9A-Fa-f]{1,8}")


class PatientInput(wsgi.Input):
    """A body whose length its head told."""

    def __init__(self, given: Any, patience: Patience) -> None:
        super().__init__(
            given.rfile,
            given.content_length,
            given.get_socket(),
            wfile=given.wfile,
            wfile_line=given.wfile_line,
            chunked_input=given.chunked_input,
        )
        self.patience = patience

    @property
    def is_at_end(self) -> bool:
        """Whether all of it was read: then the next request may follow on this connection."""
        return bool(self.position >= (self.content_length or 0))

    def read(self, length: int | None = None) -> bytes:
        """The next bytes, at most `length`; fewer when the client was waited for long enough, or went away."""
        with self.patience:
            read: bytes = super().read(length)
            return read

    def readline(self, size: int | None = None) -> bytes:
        """The next line, at most `size` bytes of it."""
        with self.patience:
            line: bytes = super().readline(size)
            return line

    def discard(self, buffer_size: int = 16 * KIB) -> None:
        """Read what nobody wanted, as far as a body may reach: a client that still sends would not hear the answer."""
        left = largest_body()
        with suppress(OSError, wsgi.ChunkReadError):
            while left > 0 and not self.is_at_end:
                read = self.read(buffer_size)
                if not read:
                    return
                left -= len(read)


class ChunkedInput(PatientInput):
    """A body in chunks, of any length up to the largest that is taken.

    Raises ChunkReadError for what is no chunk, and for more and smaller chunks than anybody needs to send.
    """

    def __init__(self, given: Any, patience: Patience) -> None:
        super().__init__(given, patience)
        self._left = self._taken = self._chunks = 0
        self._ended = self._broken = False

    @property
    def is_at_end(self) -> bool:
        """Whether the last chunk was read, and none was wrong: else nobody knows where the next request is."""
        return self._ended and not self._broken

    def read(self, length: int | None = None) -> bytes:
        """The next bytes, at most `length`."""
        if self.should_send_hundred_continue:
            self.send_hundred_continue_response()
            self.is_hundred_continue_response_sent = True
        if self._broken:
            raise wsgi.ChunkReadError("what follows a wrong chunk is no part of the body")
        try:
            with self.patience:
                return b"".join(self._pieces(length if length is not None and length >= 0 else largest_body()))
        except wsgi.ChunkReadError:
            self._broken = True
            raise

    def readline(self, size: int | None = None) -> bytes:
        """Not offered: a stream above it reads lines."""
        raise OSError("a body in chunks is read in bytes")

    def _pieces(self, wanted: int) -> Iterator[bytes]:
        while wanted > 0 and (self._left or self._begin_chunk()):
            piece = self.rfile.read(min(self._left, wanted))
            if not piece:
                raise OSError("the client went away within a chunk")
            self._left -= len(piece)
            self._taken += len(piece)
            wanted -= len(piece)
            if not self._left and self._line() != b"\r\n":
                raise wsgi.ChunkReadError("a chunk is longer than it says")
            yield piece

    def _begin_chunk(self) -> bool:
        if self._ended:
            return False
        size = self._line().split(b";", 1)[0].strip()
        if not SIZE.fullmatch(size):
            raise wsgi.ChunkReadError("no size of a chunk")
        self._left = int(size, 16)
        self._chunks += 1
        if self._taken + self._left > largest_body() or self._chunks > FEW_CHUNKS + self._taken // SMALL_CHUNK:
            raise wsgi.ChunkReadError("more than is taken, or in too small chunks")
        if not self._left:
            self._ended = self._pass_trailers()
        return self._left > 0

    def _pass_trailers(self) -> bool:
        for _ in range(TRAILERS):
            if not self._line().strip():
                return True
        raise wsgi.ChunkReadError("too many trailers")

    def _line(self) -> bytes:
        line: bytes = self.rfile.readline(CHUNK_LINE)
        if not line.endswith(b"\r\n"):
            raise wsgi.ChunkReadError("no end of a line")
        return line
