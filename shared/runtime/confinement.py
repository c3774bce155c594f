"""Work on what strangers send (workbooks, pictures, PDFs), done in a process with limits of time and memory.

Readers of such formats are large, and a small file can keep one busy for minutes or unfold to gigabytes. In here it
costs its sender an answer, and nobody else anything: the event loop waits as for a database, and at the limit the
process is ended with all it holds. The process is started anew, never forked from one whose threads are greenlets, and
is told none of the settings. That bounds what work costs; against code that takes a reader over it is no wall.
"""

import atexit
import logging
import os
import queue
from collections.abc import Callable
from functools import cached_property
from typing import Any, ParamSpec, TypeVar

from shared.errors import Unavailable
from shared.runtime.pool import Worker, WorkerLost

log = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

MODULE = "shared.runtime.confined_worker"
MIB = 1024 * 1024
TASKS = 200
"""A process is replaced after so many: what one file left behind in it meets few others."""
SLOWER = 5
"""On a machine with more to do than processors, a second of a processor takes up to so many; then the task has hung."""


class Overran(WorkerLost):
    """The task used up its time or its memory, or broke its process. Do not do it again: the input is to blame."""


class Confinement:
    """Up to `processes` at once, each task with `seconds` of a processor, each process with `memory_mb` MiB in all.

    A process takes 10 MiB and what its task imports. It is started when there is something to do, and goes after a
    minute without.
    """

    def __init__(self, *, seconds: int, memory_mb: int, processes: int = 1, tasks: int = TASKS) -> None:
        self._seconds, self._tasks = seconds, tasks
        self._processes, self._arguments = processes, (str(seconds), str(memory_mb * MIB))

    @cached_property
    def _idle(self) -> "queue.LifoQueue[Worker]":
        """Made when first used: by then it is settled whether threads are greenlets here."""
        idle: queue.LifoQueue[Worker] = queue.LifoQueue()
        for _ in range(self._processes):
            idle.put(Worker(MODULE, self._arguments, bare_environment))
        atexit.register(self.stop)
        return idle

    def run(self, fn: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """The result of `fn(*args)`, a function of a module, with arguments and result that can be pickled.

        Raises what `fn` raises; Overran when it needs more than it may have; Unavailable when all processes are busy
        for longer than one of them may be.
        """
        try:
            worker = self._idle.get(timeout=self._seconds * SLOWER)
        except queue.Empty:
            raise Unavailable(f"no process is free for {fn.__name__}") from None
        try:
            result: R = self._do(worker, (fn, args, kwargs))
        except MemoryError as error:
            worker.end()
            raise _overran(fn, "memory") from error
        except WorkerLost as error:
            raise _overran(fn, str(error)) from error
        finally:
            if worker.done >= self._tasks:
                worker.end()
            self._idle.put(worker)
        return result

    def _do(self, worker: Worker, task: object) -> Any:
        if worker.process is not None and worker.process.poll() is not None:
            worker.end()
        try:
            return worker.do(task, self._seconds * SLOWER)
        except WorkerLost as error:
            if error.exit_code != 0:
                raise
        # it had waited long enough and went, just as this came
        return worker.do(task, self._seconds * SLOWER)

    def stop(self) -> None:
        """End the processes that have nothing to do."""
        for worker in list(self._idle.queue):
            worker.end()


def bare_environment() -> dict[str, str]:
    """The environment without our settings: where secrets lie is no business of whoever reads strangers' files."""
    return {name: value for name, value in os.environ.items() if not name.startswith("KOMPETEN_")}


def _overran(fn: Callable[..., object], why: str) -> Overran:
    log.warning("%s.%s overran its limits: %s", fn.__module__, fn.__name__, why)
    return Overran(why)
