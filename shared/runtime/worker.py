"""The other end of a pool: a process that does what it is sent, one thing after the other, until the socket closes.

Signals for the whole group (Ctrl-C, a container's end) are left to the parent: it lets what is in hand be done.
"""

import os
import pickle
import signal
import socket
import sys
import threading
import time
from typing import Any

from shared.runtime.logs import start_logging
from shared.runtime.pool import receive_message, send_message
from shared.settings import settings

ORPHAN_SECONDS = 2.0


def main() -> None:
    """Do what comes over the socket whose descriptor is the first argument, until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    start_logging(settings().log_level)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    with socket.socket(fileno=int(sys.argv[1])) as connection:
        connection.setblocking(True)
        try:
            while True:
                send_message(connection, outcome_of(*receive_message(connection)))
        except (EOFError, ConnectionError):
            return


def outcome_of(fn: Any, args: Any, kwargs: Any) -> tuple[bool, Any]:
    """Call `fn`: whether it succeeded, and what it returned or raised."""
    try:
        return True, fn(*args, **kwargs)
    except Exception as error:
        return False, make_portable(error)


def make_portable(error: Exception) -> Exception:
    """An error that can be pickled: `error` itself, or a RuntimeError with its name and text."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - pickled on the same line
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def _end_with(parent: int) -> None:
    """Whatever this process is busy with when its parent is killed: it doesn't outlive it."""
    while os.getppid() == parent:
        time.sleep(ORPHAN_SECONDS)
    os._exit(1)


if __name__ == "__main__":
    main()
