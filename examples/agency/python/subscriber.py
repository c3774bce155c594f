"""Follows the certificate events of a certification body and keeps the state of every certificate in a SQLite file.

    AMQP_URL=amqps://... python subscriber.py FILE [first | next | 2026-11-21T00:00:00+07:00]

What an event changes and the place in the stream are written in one transaction: killed at any moment, it goes on where
it stopped. The second argument says where to begin with a new file, or from where to read again.
"""

import os
import signal
import sqlite3
import sys
import time
from contextlib import suppress
from datetime import datetime
from typing import Any

from cloudevents.core.formats.json import JSONFormat
from kombu import Connection, Consumer, Queue

TABLES = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS event (id TEXT PRIMARY KEY, type TEXT, time TEXT);
CREATE TABLE IF NOT EXISTS certificate (number TEXT PRIMARY KEY, status TEXT, holder TEXT, sequence INTEGER);
CREATE TABLE IF NOT EXISTS place (id INTEGER PRIMARY KEY CHECK (id = 1), stream_offset INTEGER);
"""


class Subscriber:
    def __init__(self, file: str) -> None:
        self.store = sqlite3.connect(file)
        self.store.executescript(TABLES)
        self.begin: str | datetime | None = None
        self.stopping = False

    def run(self, address: str, begin: str | datetime | None) -> None:
        """Until told to stop; connects again for ever, with a pause."""
        # kombu compares the name in the broker's certificate only when a name is asked for; None is the address's own
        connection = Connection(address, heartbeat=20, ssl=address.startswith("amqps:") and {"server_hostname": None})
        self.begin = begin
        # a broker that is just starting refuses the stream for a moment: an error of the channel, not of the connection
        away = (*connection.recoverable_connection_errors, *connection.channel_errors)
        while not self.stopping:
            try:
                with connection.clone() as connected:
                    self.follow(connected, self.begin or self.place())
            except away as error:
                sys.stderr.write(f"the broker is away: {error}\n")
                time.sleep(1)

    def follow(self, connection: Connection, begin: str | int | datetime) -> None:
        stream = os.environ.get("STREAM", "kompeten.public.stream")
        queue = Queue(stream, no_declare=True, consumer_arguments={"x-stream-offset": begin})
        with Consumer(connection.channel(), queue, on_message=self.take, prefetch_count=100):
            while not self.stopping:
                with suppress(TimeoutError):
                    connection.drain_events(timeout=1)
                connection.heartbeat_check()

    def take(self, message: Any) -> None:
        event = JSONFormat().read(None, message.body)
        data: Any = event.get_data()
        with self.store:  # one transaction
            self.store.execute(
                "INSERT INTO event VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                (event.get_id(), event.get_type(), str(event.get_time())),
            )
            if "number" in data:  # a type we know; what comes twice, or late, changes nothing
                self.store.execute(
                    "INSERT INTO certificate VALUES (:number, :status, :holder_name, :sequence) ON CONFLICT DO UPDATE "
                    "SET status = excluded.status, holder = excluded.holder, sequence = excluded.sequence "
                    "WHERE excluded.sequence > sequence",
                    {**data, "sequence": event.get_extension("sequence")},
                )
            self.begin, offset = None, message.headers["x-stream-offset"]
            self.store.execute("INSERT OR REPLACE INTO place VALUES (1, ?)", (offset,))
        message.ack()

    def place(self) -> str | int:
        row = self.store.execute("SELECT stream_offset FROM place").fetchone()
        return row[0] + 1 if row else "first"


def main(file: str, begin: str = "") -> None:
    subscriber = Subscriber(file)
    for asked in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked, lambda *_: setattr(subscriber, "stopping", True))
    where = begin if begin in ("", "first", "next") else datetime.fromisoformat(begin)
    subscriber.run(os.environ["AMQP_URL"], where or None)


if __name__ == "__main__":
    main(*sys.argv[1:])
