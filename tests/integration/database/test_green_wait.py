"""Greenlets share a thread: one that waits for a frozen database must neither wait for ever nor stop the others."""

import os
import subprocess
import sys
from pathlib import Path

from tests.servers.own_postgres import OwnPostgres

PROCESS = Path(__file__).with_name("green_process.py")


def test_a_frozen_server_is_noticed_and_the_other_greenlets_go_on(own_postgres: OwnPostgres) -> None:
    """This failure mode means a service that sits still as long as its database hangs: no heartbeat, no 503."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.integration.database.green_process", own_postgres.fresh()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "KOMPETEN_DATABASE_STATEMENT_SECONDS": "1"},
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        own_postgres.pause()
        process.stdin.write("go\n")
        process.stdin.flush()
        try:
            connected, connecting, ticks = process.stdout.readline().split()
        finally:
            own_postgres.resume()
            process.kill()
    assert (connected, connecting) == ("lost", "lost")
    assert int(ticks) > 20
