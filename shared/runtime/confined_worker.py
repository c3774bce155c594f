"""The other end of a confinement: a process that may use so much of a processor and of memory, and knows no settings.

It is light (neither settings nor logs are loaded), gives way to everybody else, leaves no core behind, and goes by
itself when nothing has come for a while.
"""

import os
import resource
import socket
import sys

from shared.runtime.tasks import serve_tasks

IDLE_SECONDS = 60.0
NICENESS = 5


def main() -> None:
    """Serve the socket of the first argument; the second is seconds of a processor for a task, the third bytes."""
    descriptor, seconds, memory = (int(argument) for argument in sys.argv[1:4])
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with socket.socket(fileno=descriptor) as connection:
        connection.settimeout(IDLE_SECONDS)
        serve_tasks(connection, lambda: _allow_processor(seconds))


def _allow_processor(seconds: int) -> None:
    """Let the system end this process once it has used `seconds` more of a processor, whoever waits for it or not."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    # whole seconds, and one more than what has begun: a task gets what it is promised at least
    limit = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main()
