"""A bare kombu publish and consume of as many messages through a quorum queue: no database, confirms in batches."""

import time

from kombu import Connection, Queue

from shared.messaging.models import EVENTS_EXCHANGE
from shared.messaging.relay import Publisher


def measure_bare_kombu(broker_url: str, count: int) -> float:
    """Seconds from the first publish to the last acknowledgement, publishing first and consuming then."""
    received = 0
    body = "x" * 600

    def take(message: object) -> None:
        nonlocal received
        received += 1
        message.ack()  # type: ignore[attr-defined]

    with Connection(broker_url, transport_options={"confirm_publish": False}) as connection:
        queue = Queue("bench.kombu", durable=True, queue_arguments={"x-queue-type": "quorum"})
        publisher = Publisher(connection)
        queue(publisher.channel).declare()
        queue(publisher.channel).bind_to("kompeten.events", routing_key="bench.kombu")
        started = time.perf_counter()
        for _ in range(count // 500):
            publisher.publish(EVENTS_EXCHANGE, [(str(number), "bench.kombu", body) for number in range(500)])
        with connection.Consumer(queue, on_message=take, prefetch_count=100):
            while received < count:
                connection.drain_events(timeout=10)
        return time.perf_counter() - started
