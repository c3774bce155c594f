"""Serves S3 on all addresses of this container, with the account of the secret files, until SIGTERM."""

import signal
import sys
import threading
from pathlib import Path

from tests.servers.own_s3 import OwnS3

SECRETS = Path("/run/secrets")


def main(port: int) -> None:
    ended = threading.Event()
    for received in (signal.SIGTERM, signal.SIGINT):
        signal.signal(received, lambda *_: ended.set())
    account = ((SECRETS / "store_access_key").read_text().strip(), (SECRETS / "store_secret_key").read_text().strip())
    server = OwnS3(Path("/var/lib/uji/store"), port=port, listen="0.0.0.0", account=account)
    server.start()
    sys.stdout.write(f"S3 on port {port}\n")
    sys.stdout.flush()
    ended.wait()
    server.kill()


if __name__ == "__main__":
    main(int(sys.argv[1]))
