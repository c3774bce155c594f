"""The same work in FastStream: `relay` publishes the outbox with confirms, `read` takes in, message by message.

Tuned as its documentation allows: uvloop, no log of each message, no dependency injection, psycopg's pool, a prefetch
of 50 with handlers running concurrently, a batch of publishes awaited together.
"""

import asyncio
import json
import os
import sys
from typing import Any

import uvloop
from faststream import AckPolicy, FastStream
from faststream.rabbit import Channel, ExchangeType, QueueType, RabbitBroker, RabbitExchange, RabbitQueue
from psycopg_pool import AsyncConnectionPool

broker = RabbitBroker(
    os.environ["BENCH_BROKER"],
    default_channel=Channel(prefetch_count=50),
    logger=None,  # it would write two lines for each message
    apply_types=False,
)
exchange = RabbitExchange("bench.faststream", type=ExchangeType.TOPIC, durable=True)
queue = RabbitQueue("bench.faststream", durable=True, routing_key="#", queue_type=QueueType.QUORUM)
pool = AsyncConnectionPool(os.environ["BENCH_DATABASE"], min_size=10, max_size=10, open=False)
app = FastStream(broker)


async def decode(message: Any) -> dict[str, Any]:
    envelope: dict[str, Any] = json.loads(message.body)
    return envelope


async def take_in(envelope: dict[str, Any]) -> None:
    async with pool.connection() as connection, connection.transaction():
        fresh = await connection.execute(
            "insert into inbox (consumer, event_id, type, subject, state, received_at, tries)"
            " values ('bench', %s, %s, 'thing', 'done', now(), 1) on conflict do nothing returning event_id",
            (envelope["id"], envelope["type"]),
        )
        if await fresh.fetchone():
            await connection.execute(
                "insert into effects (event_id, subject, reason) values (%s, 'thing', 'withdrawn by the applicant')",
                (envelope["id"],),
            )


if sys.argv[1] == "read":
    broker.subscriber(queue, exchange, ack_policy=AckPolicy.NACK_ON_ERROR, decoder=decode)(take_in)


@app.on_startup
async def open_pool() -> None:
    await pool.open()


@app.after_startup
async def say_ready() -> None:
    if sys.argv[1] == "relay":
        await broker.declare_exchange(exchange)
        await broker.declare_queue(queue)
    print("ready", flush=True)


@app.after_startup
async def relay() -> None:
    if sys.argv[1] == "relay":
        asyncio.get_running_loop().create_task(publish_all())


async def publish_all() -> None:
    while True:
        async with pool.connection() as connection, connection.transaction():
            rows = await (
                await connection.execute(
                    "select position, id, type, envelope from outbox where published_at is null"
                    " order by position limit 500 for update skip locked"
                )
            ).fetchall()
            await asyncio.gather(
                *(
                    broker.publish(
                        row[3].encode(),
                        exchange=exchange,
                        routing_key=row[2],
                        message_id=str(row[1]),
                        persist=True,
                    )
                    for row in rows
                )
            )
            await connection.execute(
                "update outbox set published_at = now() where position = any(%s)", ([row[0] for row in rows],)
            )
        if not rows:
            await asyncio.sleep(0.05)


if __name__ == "__main__":
    uvloop.run(app.run(log_level=30))
