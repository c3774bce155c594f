"""The server waitress, for clients that would never come to an end, or would hold every connection."""

import time
from contextlib import suppress
from typing import Any

from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer

from shared.runtime.connections import TOO_MANY, Places
from shared.runtime.service import Application
from shared.settings import settings
from shared.web.proxies import is_proxy


class PatientChannel(HTTPChannel):
    """One connection, which knows since when it waits for its client, and for what."""

    def __init__(self, server: Any, *rest: Any, **named: Any) -> None:
        self._waits_for: object = "head"
        self._since = time.monotonic()
        self._holds_place = self._has_asked = False
        super().__init__(server, *rest, **named)
        if not is_proxy(self.addr[0]):
            self._holds_place = server.places.take(self.addr[0])

    def received(self, data: bytes) -> bool:
        """Take in what the client said."""
        self._has_asked = True
        return bool(super().received(data))

    def is_overdue(self) -> bool:
        """Whether the client was waited for longer than it may take for what is waited for now."""
        waits_for, seconds = self._find_wait()
        now = time.monotonic()
        if waits_for != self._waits_for:
            self._waits_for, self._since = waits_for, now
        return now - self._since > seconds

    def del_channel(self, map: Any = None) -> None:
        """Be served no longer, and give back the place."""
        super().del_channel(map)
        if self._holds_place:
            self._holds_place = False
            self.server.places.leave(self.addr[0])

    def _find_wait(self) -> tuple[object, float]:
        """What the client is waited for, told apart from the same of another request, and how long it may take."""
        config, request = settings(), self.request
        if self.total_outbufs_len:
            return "answer", config.answer_seconds
        if self.requests:
            return "nothing", float("inf")
        if request is None:
            return ("next", float("inf")) if self._has_asked else ("head", config.head_seconds)
        if request.headers_finished:
            return (id(request), "body"), config.body_seconds
        return (id(request), "head"), config.head_seconds


class PatientServer(TcpWSGIServer):
    """The server: it looks after its connections each second, and takes no more from an address than it may hold."""

    channel_class = PatientChannel

    def __init__(self, application: Application, **adjustments: Any) -> None:
        self.places = Places()
        super().__init__(application, cleanup_interval=1, **adjustments)

    def accept(self) -> Any:
        """The next connection; None where there is none, or its address has as many as it may hold."""
        pair = super().accept()
        if pair is None:
            return None
        connection, address = pair
        if is_proxy(address[0]) or self.places.has_room(address[0]):
            return pair
        with suppress(OSError):
            connection.settimeout(0)
            connection.send(TOO_MANY)
        connection.close()
        return None

    def maintenance(self, now: float) -> None:
        """Cut off who was waited for long enough."""
        super().maintenance(now)
        for channel in list(self.active_channels.values()):
            if channel.is_overdue():
                channel.will_close = True
