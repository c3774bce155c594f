"""A client that speaks as badly as it likes: bytes into a socket, and what comes back."""

import socket
from types import TracebackType
from typing import Self


class Line:
    """One connection."""

    def __init__(self, port: int, begin: bytes = b"", source: str = "127.0.0.1") -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30, source_address=(source, 0))
        if begin:
            self.say(begin)

    def say(self, text: bytes) -> None:
        """Send these bytes. Raises OSError when the other side has gone."""
        self._socket.sendall(text)

    def hear(self) -> bytes:
        """Everything up to the end of the connection; it may end with a reset."""
        heard = b""
        try:
            while piece := self._socket.recv(65536):
                heard += piece
        except ConnectionResetError:
            pass
        return heard

    def hear_answer(self) -> tuple[int, bytes]:
        """The status and body of one answer that tells its length."""
        reader = self._socket.makefile("rb")
        status = int(reader.readline().split()[1])
        length = 0
        while line := reader.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        return status, reader.read(length)

    def has_ended(self) -> bool:
        """Whether the other side has ended the connection, whatever it said before."""
        self._socket.settimeout(0)
        try:
            while self._socket.recv(65536):
                pass
            return True
        except BlockingIOError:
            return False
        except ConnectionResetError:
            return True
        finally:
            self._socket.settimeout(30)

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
