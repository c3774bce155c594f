"""The other end of a pool: a process of ours, with our settings and our log, that does what it is sent."""

import socket
import sys

from shared.runtime.logs import start_logging
from shared.runtime.tasks import serve_tasks
from shared.settings import settings


def main() -> None:
    """Do what comes over the socket whose descriptor is the first argument, until it is closed."""
    start_logging(settings().log_level)
    with socket.socket(fileno=int(sys.argv[1])) as connection:
        connection.setblocking(True)
        serve_tasks(connection)


if __name__ == "__main__":
    main()
