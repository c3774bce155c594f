"""The compose stack of a fresh checkout, beside anything else on this machine."""

import json
import os
import shutil
import subprocess
import tempfile
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kompeten.services import NAMES
from tests.servers import docker
from tests.servers.processes import ServerFailed, free_ports, run

PROJECT = Path(__file__).parents[2]
NAME = "kompeten-uji"
IMAGE = "kompeten-uji"
REVISION = "0" * 12
"""The stack's folder is no checkout: the commit that the first image is said to be of."""
LIMITS_IMAGE = "valkey/valkey:8"
CRASH = (
    "import os, pathlib, signal\n"
    "for entry in pathlib.Path('/proc').iterdir():\n"
    "    if entry.name.isdigit() and entry.name != '1' and int(entry.name) != os.getpid():\n"
    "        if b'serve' in (entry / 'cmdline').read_bytes().split(b'\\0'):\n"
    "            os.kill(int(entry.name), signal.SIGKILL)\n"
)


class Stack:
    """`docker compose` in a folder of its own, under a project name of its own, on free ports."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, self.tls_port = ports_of(folder)
        files = ["docker-compose.yml"]
        self.stands_in = not all(map(image_is_here, (docker.store_image(), limits_image())))
        if self.stands_in:
            files.append("tests/containers/compose.yaml")
        self.environment = {
            "COMPOSE_PROJECT_NAME": NAME,
            "COMPOSE_FILE": os.pathsep.join(files),
            "KOMPETEN_IMAGE_NAME": IMAGE,
            "REVISION": REVISION,
            "KOMPETEN_PUBLIC_URL": self.url,
            "HTTP_PORT": str(self.port),
            "HTTPS_PORT": str(self.tls_port),
        }
        if self.stands_in:
            self.environment["KOMPETEN_OBJECT_STORE_REGION"] = "default"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def prepare(self) -> None:
        self.run("deploy/prepare", "--trial", seconds=1200)

    def compose(self, *arguments: str, seconds: float = 300) -> str:
        return self.run("docker", "compose", *arguments, seconds=seconds)

    def update(self, *arguments: str, revision: str = "") -> str:
        """`deploy/update`, to an image that is said to be of `revision`."""
        return self.run(
            "deploy/update",
            *arguments,
            seconds=2400,
            environment={"REVISION": revision or REVISION, "READY_SECONDS": "400"},
        )

    def status(self) -> str:
        """What `docker compose run --rm status` says, whether all is well or not."""
        command = ["docker", "compose", "run", "--rm", "-T", "status"]
        done = subprocess.run(
            command, cwd=self.folder, env=self._all(), capture_output=True, text=True, timeout=120, check=False
        )
        return done.stdout

    @property
    def version(self) -> str:
        """The version that pyproject.toml names."""
        return str(tomllib.loads((self.folder / "pyproject.toml").read_text())["project"]["version"])

    def set_image(self, name: str) -> None:
        """Let `.env` name this image for what is started from now on."""
        file = self.folder / ".env"
        lines = [line for line in file.read_text().splitlines() if not line.startswith("KOMPETEN_IMAGE=")]
        file.write_text("\n".join([*lines, f"KOMPETEN_IMAGE={name}", ""]))

    def up(self, *arguments: str) -> None:
        """Started and healthy; tried again, for a busy machine calls unhealthy what needs a little longer."""
        for last in (False, False, True):
            try:
                self.compose("up", "-d", "--wait", "--wait-timeout", "300", *arguments, seconds=900)
                return
            except ServerFailed:
                if last:
                    raise

    def scale(self, service: str, replicas: int) -> None:
        """To so many replicas, all healthy; the other containers stay as they are."""
        self.up("--no-recreate", "--no-deps", "--scale", f"{service}={replicas}", service)

    def down(self) -> None:
        self.compose("down", "--volumes", "--remove-orphans", "--timeout", "40")

    def containers(self, service: str = "") -> list[dict[str, Any]]:
        """`docker inspect` of the running containers, of one service or of all."""
        ids = self.compose("ps", "-q", *([service] if service else [])).split()
        inspected: list[dict[str, Any]] = json.loads(self.run("docker", "inspect", *ids))
        return inspected

    def crash(self, container: str) -> None:
        """Kill the service's process with SIGKILL from within: Docker sees a crash and starts it again."""
        subprocess.run(
            ["docker", "exec", container, "python", "-c", CRASH], capture_output=True, timeout=60, check=False
        )

    def sql(self, service: str, query: str) -> list[list[str]]:
        """Rows of one service's database, seen by the administrator."""
        psql = ("psql", "-U", "postgres", "-d", f"kompeten_{service}", "-AtF", "\t", "-c", query)
        lines = self.compose("exec", "-T", "postgres", *psql).splitlines()
        return [line.split("\t") for line in lines if line]

    def sql_as_service(self, service: str, query: str) -> str:
        """The answer or the refusal the service itself would get."""
        password = (self.folder / "deploy" / "secrets" / f"postgres_{service}_password").read_text().strip()
        address = f"postgresql://kompeten_{service}:{password}@127.0.0.1/kompeten_{service}"
        done = subprocess.run(
            ["docker", "compose", "exec", "-T", "postgres", "psql", address, "-Atc", query],
            cwd=self.folder, env=self._all(), capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        return done.stdout + done.stderr

    def queues(self) -> dict[str, tuple[int, int]]:
        """Messages and consumers of each queue."""
        columns = ("name", "messages", "consumers")
        listed = self.compose(
            "exec",
            "-T",
            "rabbitmq",
            "rabbitmqctl",
            "-q",
            "--no-table-headers",
            "list_queues",
            "-p",
            "kompeten",
            *columns,
        )
        rows = [line.split("\t") for line in listed.splitlines() if line.startswith("kompeten.")]
        return {name: (int(messages), int(consumers)) for name, messages, consumers in rows}

    def demo_password(self) -> str:
        lines = (self.folder / ".env").read_text().splitlines()
        return next(line.partition("=")[2] for line in lines if line.startswith("KOMPETEN_DEMO_PASSWORD="))

    def unfinished(self) -> dict[str, int]:
        """Events not published, events and jobs waiting or dead, in all services; empty when all is done."""
        query = (
            "SELECT 'outbox', count(*) FROM outbox WHERE published_at IS NULL"
            " UNION ALL SELECT 'inbox ' || state, count(*) FROM inbox WHERE state <> 'done' GROUP BY state"
            " UNION ALL SELECT 'jobs ' || state, count(*) FROM jobs WHERE state <> 'done' GROUP BY state"
        )
        found = {f"{service} {what}": int(many) for service in NAMES for what, many in self.sql(service, query)}
        return {what: many for what, many in found.items() if many}

    def _all(self) -> dict[str, str]:
        return {**os.environ, **self.environment}

    def run(self, *command: str, seconds: float = 120, environment: dict[str, str] | None = None) -> str:
        """A command in the stack's folder and environment; its output. Raises ServerFailed when it fails."""
        given = self.environment | (environment or {})
        return run(list(command), seconds=seconds, environment=given, directory=self.folder)


def ports_of(folder: Path) -> tuple[int, int]:
    """The two ports of the stack in `folder`: free ones, and the same ones again for a stack that was kept."""
    file = folder / "ports"
    if not file.exists():
        file.write_text(" ".join(map(str, free_ports(2))))
    http, https = map(int, file.read_text().split())
    return http, https


def limits_image() -> str:
    """The image of the store of limits, the same as the deployment's."""
    return os.environ.get("LIMITS_IMAGE") or LIMITS_IMAGE


def image_is_here(image: str) -> bool:
    """Whether the image is on this machine or can be fetched."""
    try:
        run(["docker", "image", "inspect", image])
    except ServerFailed:
        try:
            run(["docker", "pull", "-q", image], seconds=300)
        except ServerFailed:
            return False
    return True


@contextmanager
def checkout(keep: Path | None = None) -> Iterator[Stack]:
    """A stack of what is committed, as a fresh clone has it; gone afterwards, with its data, unless a folder is named
    to `keep` it in.
    """
    folder = keep.resolve() if keep else Path(tempfile.mkdtemp(prefix="kompeten-containers-"))
    lay_out(folder)
    stack = Stack(folder)
    try:
        yield stack
    finally:
        if keep is None:
            if (folder / ".env").exists():
                stack.down()
            shutil.rmtree(folder)


def lay_out(folder: Path) -> None:
    """What is committed, in `folder`; what is there and not committed (secrets, settings) stays."""
    folder.mkdir(parents=True, exist_ok=True)
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=PROJECT, check=True, capture_output=True).stdout
    subprocess.run(["tar", "-x"], cwd=folder, input=archive, check=True)


def settled(stack: Stack, seconds: float = 60) -> dict[str, int]:
    """What is still unfinished after giving it time; empty when all is done."""
    limit = time.monotonic() + seconds
    while (left := stack.unfinished()) and time.monotonic() < limit:
        time.sleep(2)
    return left
