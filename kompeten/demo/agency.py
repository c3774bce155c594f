"""Another agency: it subscribes to the public events of the certification body and prints what it gets."""

import json
import threading
from typing import Any

from kombu import Connection, Consumer, Queue

from shared.messaging.topology import PUBLIC, PUBLIC_STREAM

PREFIX = "id.kompeten.public.certificate_"


class Agency:
    """Reads the public exchange: the stream on RabbitMQ, a queue of its own on the embedded broker."""

    def __init__(self, broker_url: str) -> None:
        self._connection = Connection(broker_url, transport_options={"polling_interval": 0.02})
        self.heard: list[dict[str, Any]] = []
        self._ready = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def start(self) -> None:
        """Begin to listen, in a thread. Raises ConnectionError when the broker does not answer within 10 s."""
        self._thread.start()
        if not self._ready.wait(10):
            raise ConnectionError("the agency cannot reach the broker")

    def stop(self) -> None:
        """Listen no more; what was heard stays in `heard`."""
        self._stopping.set()
        self._thread.join(5)

    def about(self, number: str) -> dict[str, Any] | None:
        """The first event that told of certificate `number`, or None while none has come."""
        return next((event for event in self.heard if event["data"]["number"] == number), None)

    def heard_of(self, number: str) -> list[str]:
        """What has been told of certificate `number` so far: issued, suspended, ..., in the order it happened."""
        told = sorted(
            (event for event in self.heard if event["data"]["number"] == number), key=lambda e: str(e["time"])
        )
        return [event["type"].removeprefix(PREFIX).removesuffix(".v1") for event in told]

    def _listen(self) -> None:
        with self._connection as connection, connection.channel() as channel:
            if connection.transport.driver_type == "amqp":
                queue = Queue(PUBLIC_STREAM.name, no_declare=True, consumer_arguments={"x-stream-offset": "next"})
            else:
                queue = Queue("agency-contoh", PUBLIC, routing_key="#", auto_delete=True)
            with Consumer(channel, queue, on_message=self._hear, prefetch_count=100):
                self._ready.set()
                while not self._stopping.is_set():
                    try:
                        connection.drain_events(timeout=0.5)
                    except TimeoutError:
                        continue

    def _hear(self, message: Any) -> None:
        self.heard.append(json.loads(message.body))
        message.ack()
