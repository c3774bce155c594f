"""Reading from a queue: every message comes to our own door as the bytes it was sent as.

Left to itself kombu unpacks what calls itself compressed before anybody has looked at its size, raises where that
fails, and (in its mixin, which nameko uses) writes the body into the log and acknowledges what it could not decode.
"""

from collections.abc import Callable
from typing import Any

from kombu import Consumer, Queue
from kombu.transport import pyamqp


class PlainMessage(pyamqp.Message):
    """A message whose body stays as it came: we send nothing compressed, so whoever says so is not one of us."""

    def __init__(self, msg: Any, channel: Any = None, **options: Any) -> None:
        (msg.properties.get("application_headers") or {}).pop("compression", None)
        super().__init__(msg, channel=channel, **options)


def make_consumer(channel: Any, queue: Queue, keep: Callable[[Any], None], prefetch: int) -> Consumer:
    """A consumer that hands each message to `keep`, undecoded, whatever its headers say; not consuming yet.

    The broker hands over `prefetch` messages at most before the first of them is settled.
    """
    if channel.connection.client.transport.driver_type == "amqp":
        channel.Message = PlainMessage
    consumer = Consumer(
        channel,
        [queue],
        on_message=keep,
        on_decode_error=lambda message, _error: keep(message),
        auto_declare=False,
    )
    consumer.qos(prefetch_count=prefetch)
    return consumer
