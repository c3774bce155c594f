"""What every worker process does: one task after the other, as they come over its socket, until that closes."""

import os
import pickle
import signal
import socket
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any

from shared.runtime.pool import receive_message, send_message

ORPHAN_SECONDS = 2.0


def serve_tasks(connection: socket.socket, before: Callable[[], None] = lambda: None) -> None:
    """Do what comes over `connection` until it is closed, or silent for longer than its time-out; `before` each task.

    Signals for the whole group (Ctrl-C, a container's end) are left to the parent: it lets what is in hand be done.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    try:
        while True:
            task = receive_message(connection)
            before()
            send_message(connection, outcome_of(*task))
    except (EOFError, ConnectionError, TimeoutError):
        return


def outcome_of(fn: Any, args: Any, kwargs: Any) -> tuple[bool, Any]:
    """Call `fn`: whether it succeeded, and what it returned or raised."""
    try:
        return True, fn(*args, **kwargs)
    except Exception as error:
        return False, _note_place(make_portable(error), error)


def _note_place(portable: Exception, error: Exception) -> Exception:
    """`portable` with the frames of `error` written beside it: a traceback does not come along to the other process."""
    if not isinstance(error, MemoryError):
        frames = traceback.extract_tb(error.__traceback__)
        places = [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
        portable.add_note("\n".join([type(error).__name__, *places]))
    return portable


def make_portable(error: Exception) -> Exception:
    """An error that can be pickled: `error` itself, or a RuntimeError with its name and text.

    That there was no memory left is said by a new error: with the old one in hand there may be none to pickle it.
    """
    if isinstance(error, MemoryError):
        return MemoryError()
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
