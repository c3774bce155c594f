"""One registration service of one revision, with drafts ready to be filed, on a database and a vhost of its own."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg2
from sqlalchemy import make_url

from benchmarks.revision import ROOT, Tree
from shared.security.keys import create_keys
from tests.end_to_end.systems import answers, free_port

PREPARING = Path(__file__).with_name("preparing.py")
CONNECTIONS = 16
START_SECONDS = 120


class IntakeService:
    """Started by `start`; `count` drafts from `first` on can be filed once."""

    def __init__(self, tree: Tree, database_url: str, broker_url: str) -> None:
        self.tree, self.database_url = tree, database_url
        self._folder = Path(tempfile.mkdtemp(prefix="kompeten-bench-"))
        create_keys(self._folder / "keys")
        self.port = free_port()
        self.environment = {
            "KOMPETEN_DATABASE_URL": database_url,
            "KOMPETEN_BROKER_URL": broker_url,
            "KOMPETEN_DATA_DIR": str(self._folder),
            "KOMPETEN_LISTEN": f"127.0.0.1:{self.port}",
            "KOMPETEN_LOG_LEVEL": "WARNING",
            "KOMPETEN_TOKEN_MINUTES": "60",
            "KOMPETEN_TOKEN_PRIVATE_KEY_FILE": str(self._folder / "keys/token-private.pem"),
            "KOMPETEN_TOKEN_PUBLIC_KEY_FILE": str(self._folder / "keys/token-public.pem"),
            "KOMPETEN_ENCRYPTION_KEYS_DIR": str(self._folder / "keys/encryption"),
        }

    def start(self, first: int, count: int) -> None:
        """Make the tables and the drafts, then start the service and wait until it answers."""
        self._run([self.tree.python, PREPARING, str(first), str(count)], self.tree.folder)
        log = (self._folder / "registration.log").open("wb")
        self._process = subprocess.Popen(
            [self.tree.python.with_name("kompeten"), "serve", "registration"],
            cwd=self.tree.folder,
            env=self._environment(),
            stdout=log,
            stderr=log,
        )
        end = time.monotonic() + START_SECONDS
        while not answers(f"http://127.0.0.1:{self.port}/registration/ready"):
            if time.monotonic() > end or self._process.poll() is not None:
                raise TimeoutError((self._folder / "registration.log").read_text()[-3000:])
            time.sleep(0.1)

    def file_some(self, first: int, count: int) -> tuple[float, list[float]]:
        """File `count` drafts over HTTP: seconds in all, and of each."""
        arguments = map(str, (self.port, first, count, CONNECTIONS))
        lines = self._run([sys.executable, "-m", "benchmarks.intake.load", *arguments], ROOT).splitlines()
        return float(lines[0].split()[1]), [float(line) for line in lines[1:]]

    def count_unpublished(self) -> int:
        """Events in the outbox that the broker has not confirmed."""
        plain = make_url(self.database_url).set(drivername="postgresql").render_as_string(hide_password=False)
        connection = psycopg2.connect(plain)
        try:
            with connection.cursor() as cursor:
                cursor.execute("select count(*) from outbox where published_at is null")
                (count,) = cursor.fetchone() or (0,)
                return int(count)
        finally:
            connection.close()

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(40)

    def _environment(self) -> dict[str, str]:
        return {**self.tree.environment, **self.environment}

    def _run(self, command: list[object], folder: Path) -> str:
        return subprocess.run(
            [str(part) for part in command],
            cwd=folder,
            env=self._environment(),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        ).stdout
