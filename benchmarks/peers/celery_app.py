"""The same work in Celery: tasks acknowledged late, on threads, from a quorum queue; published with confirms."""

import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
from celery import Celery
from celery.signals import worker_ready
from kombu import Queue
from psycopg_pool import ConnectionPool

app = Celery("bench", broker=os.environ["BENCH_BROKER"])
app.conf.update(
    task_acks_late=True,
    task_ignore_result=True,
    worker_prefetch_multiplier=5,
    worker_hijack_root_logger=False,
    broker_transport_options={"confirm_publish": True},
    broker_connection_retry_on_startup=True,
    worker_detect_quorum_queues=True,
    task_default_queue="bench.celery",
    task_queues=[Queue("bench.celery", durable=True, queue_arguments={"x-queue-type": "quorum"})],
)
pool = ConnectionPool(os.environ["BENCH_DATABASE"], min_size=1, max_size=10, open=False)


@app.task(name="take_in")
def take_in(event_id: str, fact_type: str, envelope: str) -> None:
    if pool.closed:
        pool.open()
    with pool.connection() as connection, connection.transaction():
        fresh = connection.execute(
            "insert into inbox (consumer, event_id, type, subject, state, received_at, tries)"
            " values ('bench', %s, %s, 'thing', 'done', now(), 1) on conflict do nothing returning event_id",
            (event_id, fact_type),
        ).fetchone()
        if fresh:
            connection.execute(
                "insert into effects (event_id, subject, reason) values (%s, 'thing', 'withdrawn by the applicant')",
                (event_id,),
            )


def publish_all() -> None:
    """The relay: batches of the outbox, published by eight threads, each awaiting its confirm."""
    with psycopg.connect(os.environ["BENCH_DATABASE"]) as connection, ThreadPoolExecutor(8) as threads:
        print("ready", flush=True)
        while True:
            with connection.transaction():
                rows: list[Any] = connection.execute(
                    "select position, id, type, envelope from outbox where published_at is null"
                    " order by position limit 500 for update skip locked"
                ).fetchall()
                list(threads.map(lambda row: take_in.apply_async(args=(str(row[1]), row[2], row[3])), rows))
                connection.execute(
                    "update outbox set published_at = now() where position = any(%s)", ([row[0] for row in rows],)
                )
            if not rows:
                time.sleep(0.05)


if __name__ == "__main__":
    if sys.argv[1] == "relay":
        publish_all()
    else:
        worker_ready.connect(lambda **_: print("ready", flush=True), weak=False)
        app.worker_main(
            [
                "worker",
                "--pool=threads",
                "--concurrency=10",
                "--loglevel=WARNING",
                "--without-gossip",
                "--without-mingle",
            ]
        )
