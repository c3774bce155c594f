"""Sending public events to webhooks of other agencies: signed as Standard Webhooks 1.0 says, in order, at least once.

What an address says decides nothing here: it is looked up once, refused where it leads into our own network, and the
connection goes to exactly what was looked up. No redirect is followed, no more than a little of the answer is read, and
everything together has one time limit.
"""

import logging
import socket
import ssl
import time
from collections.abc import Iterable
from contextlib import closing
from functools import lru_cache
from ipaddress import ip_address
from threading import Thread
from typing import Any
from uuid import UUID

import httpcore

from services.certificate.agencies.commands import delivering as commands
from services.certificate.agencies.commands import public_events
from services.certificate.agencies.commands.delivering import Outcome, Turn
from services.certificate.agencies.domain import is_public_address, sign_webhook
from services.certificate.agencies.queries import feed
from services.certificate.agencies.queries.feed import Kept
from shared.contracts.envelope import CONTENT_TYPE
from shared.database.unit import Database
from shared.runtime.offload import offload
from shared.settings import settings

log = logging.getLogger(__name__)

BATCH = 50
TURN_SECONDS = 30.0
ANSWER_BYTES = 16 * 1024
AGENT = "Kompeten-Webhooks/1"


class NotOutside(OSError):
    """The name leads into our own network, or to one that is nobody's."""


class Postman:
    """Takes each agency's turn in a thread of its own: a slow one holds nobody up."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turns: dict[UUID, Thread] = {}

    def round(self) -> list[Thread]:
        """Begin the turns that are due and not being taken here; the threads that take them."""
        with self._database.reading() as session:
            due = commands.list_due_webhooks(session)
        self._turns = {agency: thread for agency, thread in self._turns.items() if thread.is_alive()}
        begun = {agency: Thread(target=self._take, args=(agency,), daemon=True) for agency in due}
        begun = {agency: thread for agency, thread in begun.items() if agency not in self._turns}
        for thread in begun.values():
            thread.start()
        self._turns |= begun
        return list(begun.values())

    def _take(self, agency_id: UUID) -> None:
        try:
            take_turn(self._database, agency_id)
        except Exception:
            log.exception("the turn of agency %s", agency_id)


@lru_cache(maxsize=8)
def find_postman(database: Database) -> Postman:
    """Return the postman of this process, made when it is first asked for."""
    return Postman(database)


def number_new_events(database: Database) -> None:
    """Number the public events that have been committed."""
    while True:
        with database.unit_of_work() as session:
            if public_events.number_public_events(session) < public_events.BATCH:
                return


def take_turn(database: Database, agency_id: UUID, seconds: float = TURN_SECONDS) -> None:
    """Send what waits for one agency, one event after the other, until one is not taken or the time is over."""
    with database.unit_of_work() as session:
        turn = commands.claim_turn(session, agency_id)
    if turn is None:
        return
    end = time.monotonic() + seconds
    with closing(Sender(turn)) as sender:
        after = turn.after
        while time.monotonic() < end:
            with database.reading() as session:
                events = feed.list_public_events(session, after, BATCH).events
            if not events or not _send_all(database, sender, events, end):
                break
            after = events[-1].position
    with database.unit_of_work() as session:
        commands.release_turn(session, turn)


def _send_all(database: Database, sender: "Sender", events: Iterable[Kept], end: float) -> bool:
    for event in events:
        outcome = sender.send(event)
        with database.unit_of_work() as session:
            goes_on = commands.note_delivery(session, sender.turn, event, outcome)
        if not goes_on or time.monotonic() >= end:
            return False
    return True


class Sender:
    """One connection to one agency's webhook, for one turn."""

    def __init__(self, turn: Turn) -> None:
        self.turn = turn
        self._network = Network(inside_too=settings().trial)
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(), max_connections=1, network_backend=self._network
        )

    def close(self) -> None:
        """Close the connections to the agency."""
        self._pool.close()

    def send(self, event: Kept) -> Outcome:
        """Try once. Never raises: whatever goes wrong at the other end is the outcome."""
        started = time.monotonic()
        self._network.end = started + settings().webhook_timeout_seconds
        try:
            status, retry_after = self._post(event)
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, OSError) as error:
            return Outcome(_since(started), error=_words(error))
        except httpcore.UnsupportedProtocol:
            return Outcome(_since(started), error="not an address to send to")
        return Outcome(_since(started), status=status, retry_after=retry_after)

    def _post(self, event: Kept) -> tuple[int, int]:
        body, timestamp = event.told.encode(), int(time.time())
        headers = {
            "User-Agent": AGENT,
            "Content-Type": CONTENT_TYPE,
            "webhook-id": str(event.id),
            "webhook-timestamp": str(timestamp),
            "webhook-signature": sign_webhook(self.turn.secrets, str(event.id), timestamp, body),
        }
        limit = settings().webhook_timeout_seconds
        timeouts = {"connect": limit, "read": limit, "write": limit, "pool": limit}
        with self._pool.stream(
            "POST", self.turn.url, headers=list(headers.items()), content=body, extensions={"timeout": timeouts}
        ) as answer:
            read = 0
            for chunk in answer.iter_stream():
                read += len(chunk)
                if read > ANSWER_BYTES:
                    break
            return answer.status, _retry_after(answer.headers)


class Network(httpcore.NetworkBackend):
    """Connects to where a name leads at this moment, if that is outside; nothing takes longer than until `end`."""

    def __init__(self, *, inside_too: bool) -> None:
        self._sockets = httpcore.SyncBackend()
        self._inside_too = inside_too
        self.end = 0.0

    def left(self, timeout: float | None = None) -> float:
        """Seconds until the end. Raises ReadTimeout when it is over."""
        left = self.end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("no answer in time")
        return min(left, timeout or left)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = self._addresses(host, port)
        for address in addresses[:-1]:
            try:
                return self._connected(address, port, timeout)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return self._connected(addresses[-1], port, timeout)

    def _connected(self, address: str, port: int, timeout: float | None) -> httpcore.NetworkStream:
        return Limited(self._sockets.connect_tcp(address, port, self.left(timeout)), self)

    def _addresses(self, host: str, port: int) -> list[str]:
        """Where the name leads. Raises NotOutside when that is, even in part, our own network."""
        try:
            found = offload(socket.getaddrinfo, host.strip("[]"), port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"the name {host} is not known") from error
        addresses = list(dict.fromkeys(str(place[4][0]).partition("%")[0] for place in found))
        # One address of our own among many is enough to refuse: which of them is used is the resolver's choice.
        inside = [address for address in addresses if not is_public_address(ip_address(address))]
        if inside and not self._inside_too:
            raise NotOutside(f"{inside[0]} is not a public address")
        return addresses


class Limited(httpcore.NetworkStream):
    """A stream whose every step ends when its network's time is over."""

    def __init__(self, stream: httpcore.NetworkStream, network: Network) -> None:
        self._stream = stream
        self._network = network

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._network.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._network.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return Limited(self._stream.start_tls(ssl_context, server_hostname, self._network.left(timeout)), self._network)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _retry_after(headers: Iterable[tuple[bytes, bytes]]) -> int:
    """Seconds, where the answer says so in digits."""
    said = next((value for name, value in headers if name.lower() == b"retry-after"), b"")
    return int(said) if said.isdigit() and len(said) < 7 else 0


def _since(started: float) -> int:
    return round(1000 * (time.monotonic() - started))


def _words(error: Exception) -> str:
    """For the log that people read: what it was, not what the other end may have written into it."""
    return str(error) if isinstance(error, NotOutside) else f"{type(error).__name__}: {error}"[:300]
