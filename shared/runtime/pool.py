"""Worker processes for what needs a processor: the event loop waits for them as it waits for a database.

A worker is `python -m shared.runtime.worker` at the other end of a pair of sockets; closing the socket ends it, and so
does the end of this process, however it comes. Functions are sent by name, so they stand in a module; arguments,
results and errors are pickled. One worker does one thing at a time.
"""

import logging
import os
import pickle
import queue
import socket
import struct
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any, ParamSpec, TypeVar

log = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

LENGTH = struct.Struct(">I")
MODULE = "shared.runtime.worker"
TASKS = 5_000
"""A worker is replaced after so many: whatever leaks, leaks no further."""
SECONDS = 60.0
"""A worker that takes longer than this for one thing hangs, and is replaced."""

END_SECONDS = 10.0


class WorkerLost(RuntimeError):
    """The worker died or hung with this in hand, or the pool has stopped. Nothing came of it: do it again.

    `exit_code` is that of the process, if it ended.
    """

    def __init__(self, message: str, exit_code: int | None = None) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class Pool:
    """`workers` processes; with none, everything is done in this process."""

    def __init__(self, workers: int, *, seconds: float = SECONDS, tasks: int = TASKS) -> None:
        self._seconds, self._tasks = seconds, tasks
        self._workers = [Worker() for _ in range(workers)]
        self._idle: queue.LifoQueue[Worker] = queue.LifoQueue()
        self._stopped = False
        for worker in self._workers:
            self._idle.put(worker)

    @property
    def size(self) -> int:
        """How many workers there are at most."""
        return len(self._workers)

    @property
    def processes(self) -> list[int]:
        """The ids of the processes that run now."""
        return [worker.process.pid for worker in self._workers if worker.process is not None]

    def start(self) -> None:
        """Start the processes now, so that the first work need not wait for them."""
        self._stopped = False
        for worker in self._workers:
            worker.start()

    def call(self, fn: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """The result of `fn(*args)` in a worker, once one is free. Raises what `fn` raises, and WorkerLost."""
        if not self._workers:
            return fn(*args, **kwargs)
        worker = self._idle.get()
        try:
            if self._stopped:
                raise WorkerLost("the workers have stopped")
            result: R = worker.do((fn, args, kwargs), self._seconds)
            return result
        finally:
            if worker.done >= self._tasks:
                worker.end()
            self._idle.put(worker)

    def stop(self, seconds: float = 10.0) -> None:
        """End the processes: each once it has done what it has in hand, or after `seconds`."""
        self._stopped = True
        try:
            held = [self._idle.get(timeout=seconds) for _ in self._workers]
            for worker in held:
                self._idle.put(worker)
        except queue.Empty:
            log.warning("a worker was not done within %s seconds and is ended", seconds)
        for worker in self._workers:
            worker.end()


def own_environment() -> dict[str, str]:
    """Our environment, for a worker that is one thread among several that compute."""
    return {**os.environ, "RAYON_NUM_THREADS": "1"}


class Worker:
    """One process, started when it is first needed and again whenever it was lost."""

    def __init__(
        self,
        module: str = MODULE,
        arguments: Sequence[str] = (),
        environment: Callable[[], dict[str, str]] = own_environment,
    ) -> None:
        self._module, self._arguments, self._environment = module, arguments, environment
        self.done = 0
        self.process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None

    def start(self) -> socket.socket:
        """Start the process unless it runs; our end of the sockets."""
        if self._socket is not None:
            return self._socket
        ours, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-m", self._module, str(theirs.fileno()), *self._arguments],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env=self._environment(),
            )
        self.done, self._socket = 0, ours
        return ours

    def do(self, task: object, seconds: float) -> Any:
        """The result of `(fn, args, kwargs)`. Raises what `fn` raises; WorkerLost after `seconds` or when it dies."""
        try:
            connection = self.start()
            connection.settimeout(seconds)
            send_message(connection, task)
            succeeded, result = receive_message(connection)
        except (OSError, EOFError) as error:
            code = self.end()
            raise WorkerLost(f"a worker {_fate(error, code)}", code) from error
        except BaseException:
            self.end()
            raise
        self.done += 1
        if not succeeded:
            raise result
        return result

    def end(self) -> int | None:
        """End the process, if there is one; its exit code."""
        process, connection = self.process, self._socket
        self.process = self._socket = None
        if connection is not None:
            connection.close()
        if process is None:
            return None
        process.kill()
        try:
            return process.wait(END_SECONDS)  # with a limit it sleeps between looks, and the event loop goes on
        except subprocess.TimeoutExpired:
            log.error("worker %s does not end", process.pid)
            return None


def _fate(error: Exception, code: int | None) -> str:
    return "hung and was ended" if isinstance(error, TimeoutError) else f"died ({error}; exit code {code})"


def send_message(connection: socket.socket, message: object) -> None:
    """Send one pickled object, its length (four bytes, big-endian) before it."""
    content = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    connection.sendall(LENGTH.pack(len(content)) + content)


def receive_message(connection: socket.socket) -> Any:
    """The next message. Raises EOFError when the other side has gone."""
    (length,) = LENGTH.unpack(_exactly(connection, LENGTH.size))
    return pickle.loads(_exactly(connection, length))  # noqa: S301 - from our own process, over a socket of our own


def _exactly(connection: socket.socket, count: int) -> bytearray:
    content, filled = bytearray(count), 0
    while filled < count:
        got = connection.recv_into(memoryview(content)[filled:])
        if not got:
            raise EOFError("the other side has gone")
        filled += got
    return content
