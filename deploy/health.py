"""Asks one service of this container whether it is ready; exit status 0 when it is. Standard library alone: it runs
every few seconds.
"""

import http.client
import sys

SECONDS = 4


def ready(service: str, port: int = 8000) -> bool:
    """The service answers, and its database answers it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        connection.request("GET", f"/{service}/ready")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if ready(sys.argv[1]) else 1)
