"""Servers in containers, where a Docker engine runs and its published ports can be reached from here."""

import os
import subprocess
import time

from tests.servers.packages import find
from tests.servers.processes import ServerFailed, run

STORE_IMAGE = "docker.io/pgsty/silo:RELEASE.2026-09-16T00-00-00Z"


def works() -> bool:
    """Whether `docker info` answers."""
    if not find("docker"):
        return False
    try:
        run(["docker", "info"], seconds=15)
    except ServerFailed:
        return False
    return True


def store_image() -> str:
    """The image of the S3 server, the same as the deployment's."""
    return os.environ.get("OBJECT_STORE_IMAGE") or STORE_IMAGE


def start(name: str, image: str, ports: tuple[int, ...], settings: dict[str, str], *command: str) -> list[int]:
    """Run a container and give the loopback ports its own ports are published on, in the order asked for."""
    remove(name)
    publish = [option for port in ports for option in ("-p", f"127.0.0.1::{port}")]
    values = [option for key, value in settings.items() for option in ("-e", f"{key}={value}")]
    run(["docker", "run", "-d", "--name", name, *publish, *values, image, *command], seconds=300)
    return [_published(name, port) for port in ports]


def _published(name: str, port: int) -> int:
    for _ in range(50):
        lines = run(["docker", "port", name, str(port)]).split()
        if lines:
            return int(lines[0].rpartition(":")[2])
        time.sleep(0.1)
    raise ServerFailed(f"container {name} does not publish port {port}")


def logs(name: str) -> str:
    """The end of what a container wrote."""
    done = subprocess.run(["docker", "logs", "--tail", "15", name], capture_output=True, text=True)
    return done.stdout + done.stderr


def running(name: str) -> bool:
    """Whether a container of this name runs."""
    if not find("docker"):
        return False
    done = subprocess.run(["docker", "inspect", "-f", "{{.State.Running}}", name], capture_output=True, text=True)
    return done.stdout.strip() == "true"


def remove(name: str) -> None:
    """Remove a container of ours with its data; nothing happens when there is none."""
    subprocess.run(["docker", "rm", "-f", "-v", name], capture_output=True)
