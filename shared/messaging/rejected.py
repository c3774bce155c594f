"""What the broker's `kompeten.dead` holds: messages that no consumer could settle, listed, returned or thrown away.

A consumer rejects a message that failed six times alone (`consumer.py`). It is in no inbox, so that its bytes are here
and nowhere else on the way in: it is acknowledged only once its queue has it again, or when somebody gives it up.
"""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from amqp.exceptions import MessageNacked
from kombu import Connection

from shared.messaging.topology import DEAD_QUEUE

CONFIRM_SECONDS = 30
_DEATH_HEADERS = re.compile(r"x-death|x-(first|last)-death-.+|x-delivery-count")
_TYPE = re.compile(r"[a-z0-9][a-z0-9._-]{0,119}", re.ASCII)
_SERVICE_QUEUE = re.compile(r"kompeten\.(?!dead$|public\.)[a-z0-9_.-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Rejected:
    """One message of `kompeten.dead`, without its body, which may hold personal data.

    `queue` is the one that it came from, empty when the broker did not note it; `type` is empty when the body cannot
    be read. `size` is in bytes, `since` in UTC.
    """

    queue: str
    type: str
    size: int
    since: datetime | None
    digest: str


class RejectedMessages:
    """The messages that `kompeten.dead` holds, walked one by one.

    `connection` is the administrator's. Whatever was walked and not settled goes back when `channel` is closed, and
    so does everything else when this process dies.
    """

    def __init__(self, connection: Connection) -> None:
        self.channel: Any = connection.channel()
        self.channel.confirm_select()
        self._unroutable = False
        self.channel.events["basic_return"].add(self._note_return)

    def close(self) -> None:
        """Give back what was not settled."""
        self.channel.close()

    def walk(self) -> Iterator[tuple[Any, Rejected]]:
        """Each message that is there now, with its description. Those that arrive meanwhile are left for later."""
        waiting = self.channel.queue_declare(DEAD_QUEUE.name, passive=True).message_count
        for _ in range(waiting):
            message = self.channel.basic_get(DEAD_QUEUE.name)
            if message is None:  # somebody else walks, too
                return
            yield message, describe_rejected(message)

    def give_back(self, message: Any, described: Rejected) -> bool:
        """Publish `message` to the queue it came from and acknowledge it here once the broker confirms that.

        False when no queue of a service is known for it or the broker does not take it: then it stays. A process that
        dies between the two leaves it in both places; the inbox knows it by its id.
        """
        if not _SERVICE_QUEUE.fullmatch(described.queue):
            return False
        headers = message.properties.pop("application_headers", {})
        message.properties["application_headers"] = {
            name: value for name, value in headers.items() if not _DEATH_HEADERS.fullmatch(name)
        }
        self._unroutable = False
        try:
            self.channel.basic_publish_confirm(
                message, exchange="", routing_key=described.queue, mandatory=True, confirm_timeout=CONFIRM_SECONDS
            )
        except MessageNacked:
            return False
        if self._unroutable:
            return False
        self.channel.basic_ack(message.delivery_tag)
        return True

    def discard(self, message: Any) -> None:
        """Give `message` up: its bytes are gone."""
        self.channel.basic_ack(message.delivery_tag)

    def _note_return(self, *_: object) -> None:
        self._unroutable = True


def describe_rejected(message: Any) -> Rejected:
    """What is known of a message from its headers and from the `type` in its body."""
    body = message.body.encode() if isinstance(message.body, str) else bytes(message.body)
    deaths = (message.properties.get("application_headers") or {}).get("x-death") or [{}]
    return Rejected(
        queue=str(deaths[0].get("queue", "")),
        type=_read_type(body),
        size=len(body),
        since=deaths[0].get("time"),
        digest=sha256(body).hexdigest(),
    )


def _read_type(body: bytes) -> str:
    with suppress(ValueError, RecursionError):
        read = json.loads(body)
        found = read.get("type") if isinstance(read, dict) else None
        if isinstance(found, str) and _TYPE.fullmatch(found):
            return found
    return ""
