"""Reading from a queue: every message comes to our own door as the bytes it was sent as, with who signed them.

Left to itself kombu unpacks what calls itself compressed before anybody has looked at its size, raises where that
fails, and (in its mixin, which nameko uses) writes the body into the log and acknowledges what it could not decode.
"""

import logging
from collections.abc import Callable
from typing import Any

from kombu import Consumer, Queue
from kombu.transport import pyamqp

from shared.clock import real_now
from shared.messaging.admission import Received
from shared.messaging.signing import HEADER, NotGenuine, find_signer
from shared.settings import settings

log = logging.getLogger(__name__)


class PlainMessage(pyamqp.Message):
    """A message whose body stays as it came: we send nothing compressed, so whoever says so is not one of us."""

    def __init__(self, msg: Any, channel: Any = None, **options: Any) -> None:
        (msg.properties.get("application_headers") or {}).pop("compression", None)
        super().__init__(msg, channel=channel, **options)


def make_consumer(channel: Any, queue: Queue, keep: Callable[[Any], None], prefetch: int) -> Consumer:
    """A consumer that hands each message to `keep`, undecoded, whatever its headers say; not consuming yet.

    The body of what is kept is a `Received`. What no service has signed goes back to the broker, into `kompeten.dead`.
    The broker hands over `prefetch` messages at most before the first of them is settled.
    """
    if channel.connection.client.transport.driver_type == "amqp":
        channel.Message = PlainMessage
    consumer = Consumer(
        channel,
        [queue],
        on_message=lambda message: _keep_genuine(message, keep),
        on_decode_error=lambda message, _error: _keep_genuine(message, keep),
        auto_declare=False,
    )
    consumer.qos(prefetch_count=prefetch)
    return consumer


def _keep_genuine(message: Any, keep: Callable[[Any], None]) -> None:
    try:
        message.body = identify_signer(message)
    except NotGenuine as doubt:
        log.error("a message for %s was refused: %s", message.delivery_info.get("routing_key"), doubt)
        message.reject(requeue=False)
        return
    keep(message)


def identify_signer(message: Any) -> Received:
    """What a message holds, with the service that signed it and the routing key it was published under.

    One that lies in the queue without an exchange was returned by an operator (`rejected.py`): no service may put one
    there, and the key it was published under is not known any more. Raises NotGenuine.
    """
    body = message.body.encode("utf-8", "surrogatepass") if isinstance(message.body, str) else bytes(message.body)
    way = message.delivery_info
    key = way["routing_key"] if way.get("exchange") else None
    signature = (message.headers or {}).get(HEADER)
    if isinstance(signature, str):
        return Received(body, find_signer(body, signature), key)
    until = settings().unsigned_events_until
    if until is None or real_now() >= until:
        raise NotGenuine("nobody has signed it")
    return Received(body, None, key)
