"""The demo, as a command."""

import os
import socket
import time
from pathlib import Path
from typing import Any

import click

PASSWORD = "contoh-kompeten"  # noqa: S105 - of the demo accounts, printed for everybody to use
ADMINISTRATOR = "administrator@contoh.test"
VARIABLE = "KOMPETEN_DEMO_PASSWORD"


@click.command()
@click.option("--url", help="A running system; without it one is started in this process, under KOMPETEN_DATA_DIR.")
@click.option("--admin", default=ADMINISTRATOR, show_default=True, help="An administrator's e-mail address.")
@click.option(
    "--password",
    envvar=VARIABLE,
    help="That administrator's password; staff accounts the demo makes get the same. Without it "
    "KOMPETEN_DEMO_PASSWORD, from the environment or, with --url, from the file .env here.",
)
@click.option("--agency", help="AMQP address of an agency allowed to read the public events (with --url).")
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), help="Folder for the certificate.")
def demo(url: str | None, admin: str, password: str | None, agency: str | None, into: Path | None) -> None:
    """Drive whole certifications through a system, as its clients would."""
    from kompeten.demo.agency import Agency
    from kompeten.demo.client import DemoFailed
    from kompeten.demo.play import play_cases

    started = time.monotonic()
    embedded = url is None
    password = password or (PASSWORD if embedded else _read_trial_password())
    address = url or _start_embedded(password)
    subscriber = Agency(agency or "memory://localhost") if embedded or agency else None
    try:
        path = play_cases(address, admin, password, subscriber, into or _data_dir(), click.echo)
    except DemoFailed as failed:
        raise click.ClickException(str(failed)) from failed
    finally:
        if embedded:
            _stop_embedded()
    click.echo(f"\nall cases played in {time.monotonic() - started:.0f} s")
    click.echo(f"certificate: {path}")
    click.echo(f"open {'http://127.0.0.1:8000/ after `make run`' if embedded else address}")


def _read_trial_password() -> str:
    """What `deploy/prepare --trial` wrote into `.env` of the folder this runs in. Raises ClickException."""
    file = Path(".env")
    lines = file.read_text().splitlines() if file.exists() else []
    found = next((line.partition("=")[2].strip() for line in lines if line.startswith(f"{VARIABLE}=")), "")
    if not found:
        raise click.ClickException(
            f"which password? Set {VARIABLE} or --password, or run this in the folder whose .env deploy/prepare "
            "--trial wrote"
        )
    return found


_running: list[Any] = []


def _start_embedded(password: str) -> str:
    """The whole system in this process, as a trial; its address."""
    port = _free_port()
    os.environ |= {"KOMPETEN_TRIAL": "true", "KOMPETEN_DEMO_PASSWORD": password, "KOMPETEN_LISTEN": f"127.0.0.1:{port}"}
    os.environ.setdefault("KOMPETEN_LOG_LEVEL", "WARNING")
    os.environ.setdefault("KOMPETEN_TIMER_SECONDS", "1")
    from kompeten.prepare import prepare_embedded
    from kompeten.running import Embedded
    from shared.runtime.logs import start_logging
    from shared.settings import settings

    start_logging(settings().log_level)
    prepare_embedded()
    system = Embedded()
    system.start()
    _running.append(system)
    return f"http://127.0.0.1:{port}"


def _stop_embedded() -> None:
    while _running:
        _running.pop().stop()


def _data_dir() -> Path:
    from shared.settings import settings

    return settings().data_dir


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
