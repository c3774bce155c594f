"""Makes the servers available: those named, those that answer, containers, or instances from Debian packages."""

import fcntl
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from tests.servers import address, answers, docker, guardian
from tests.servers.address import Addresses, RabbitMQAddress, S3Address, Started, home, named
from tests.servers.own import OwnServer
from tests.servers.own_postgres import OwnPostgres
from tests.servers.own_rabbitmq import OwnRabbitMQ
from tests.servers.own_s3 import OwnS3
from tests.servers.packages import can_install, find, install
from tests.servers.processes import ServerFailed, listens, wait_for

LOOPBACK_POSTGRES = "postgresql+psycopg2://postgres@127.0.0.1:5432/postgres"
LOOPBACK_RABBITMQ = "amqp://guest:guest@127.0.0.1:5672/"
LOOPBACK_MANAGEMENT = "http://guest:guest@127.0.0.1:15672"
PASSWORD = "rahasia-contoh-untuk-uji"
CONTAINER_SECONDS = 120
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def all_servers() -> Addresses:
    """Every server, started where none was; ServerFailed says which could not be had and why."""
    return Addresses(postgres=postgres(), rabbitmq=rabbitmq(), s3=s3(), chromium=chromium())


def postgres() -> str:
    """SQLAlchemy address of a PostgreSQL where databases and roles may be made."""
    if given := named("postgres"):
        return _checked("postgres", given, answers.postgres(given))
    if answers.postgres(LOOPBACK_POSTGRES):
        return LOOPBACK_POSTGRES
    return _started("postgres", _postgres_container, _postgres_package)["url"]


def rabbitmq() -> RabbitMQAddress:
    """A RabbitMQ whose user may do everything; the management API only where it is switched on."""
    if given := named("rabbitmq"):
        return RabbitMQAddress(_checked("rabbitmq", given, answers.rabbitmq(given)), named("management"))
    if listens(5672) and answers.rabbitmq(LOOPBACK_RABBITMQ):
        managed = listens(15672) and answers.management(LOOPBACK_MANAGEMENT)
        return RabbitMQAddress(LOOPBACK_RABBITMQ, LOOPBACK_MANAGEMENT if managed else None)
    entry = _started("rabbitmq", _rabbitmq_container, _rabbitmq_package)
    return RabbitMQAddress(entry["url"], entry["management_url"])


def s3() -> S3Address:
    """An S3 server that checks signatures."""
    if endpoint := named("s3"):
        given = S3Address(
            endpoint, named("s3_access_key") or "", named("s3_secret_key") or "", named("s3_region") or "us-east-1"
        )
        _checked("s3", endpoint, answers.s3(given))
        return given
    return S3Address(**_started("s3", _s3_container, _s3_package))


def chromium() -> str:
    """Path of a Chromium that starts."""
    if not (path := named("chromium") or _first(CHROMIUM_NAMES)):
        with _alone():
            install("chromium", programs=("chromium",))
        path = _first(CHROMIUM_NAMES) or ""
    done = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60)
    if done.returncode:
        raise ServerFailed(f"{path} does not start: {done.stderr[-2000:]}")
    return path


def office() -> str:
    """Path of a LibreOffice that opens spreadsheets without a screen."""
    with _alone():
        install("libreoffice-calc-nogui", programs=("soffice",))
    return _first(("soffice",)) or ""


def programs_to_break() -> None:
    """Install what servers of a test's own need, whatever the shared servers run on."""
    with _alone():
        install("postgresql", programs=("initdb", "postgres"))
        install("rabbitmq-server", programs=("rabbitmq-server", "epmd"))


def end_all() -> list[str]:
    """End what `all_servers` started, nothing else, and remove its data; gives the names."""
    with _alone():
        started = address.remembered()
        for entry in started.values():
            _end(entry)
        address.remember({})
    return sorted(started)


def _first(names: tuple[str, ...]) -> str | None:
    return next((str(path) for name in names if (path := find(name))), None)


def _checked(name: str, url: str, answered: bool) -> str:
    if not answered:
        raise ServerFailed(f"{address.VARIABLES[name]} names a server that does not let us in: {_without_login(url)}")
    return url


def _without_login(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time looks and starts: parallel test workers all find what the first one started."""
    with (home() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


Start = Callable[[], Started]


def _started(name: str, by_container: Start, by_package: Start) -> dict[str, str]:
    with _alone():
        started = address.remembered()
        if (entry := started.get(name)) and _lives(name, entry):
            return entry.address
        if entry:
            _end(entry)
        started[name] = _start(name, by_container, by_package)
        address.remember(started)
        return started[name].address


def _start(name: str, by_container: Start, by_package: Start) -> Started:
    click.echo(f"starting {name}", err=True)
    if not docker.works():
        return by_package()
    try:
        return by_container()
    except ServerFailed as error:
        if not can_install():
            raise
        click.echo(f"{name}: {error}\n{name}: not through Docker, so from Debian packages", err=True)
        docker.remove(_container(name))
        return by_package()


def _lives(name: str, entry: Started) -> bool:
    if name == "postgres":
        return answers.postgres(entry.address["url"])
    if name == "rabbitmq":
        return answers.rabbitmq(entry.address["url"]) and answers.management(entry.address["management_url"])
    return answers.s3(S3Address(**entry.address))


def _end(entry: Started) -> None:
    if entry.how == "container":
        docker.remove(entry.handle)
        return
    guardian.end(entry.handle)
    guardian.remove(entry.directory)


def _container(name: str) -> str:
    return f"kompeten-tests-{os.getuid()}-{name}"


def _in_container(name: str, values: dict[str, str], ready: Callable[[], bool]) -> Started:
    container = _container(name)
    try:
        wait_for(ready, name, CONTAINER_SECONDS, alive=lambda: docker.running(container))
    except ServerFailed as error:
        raise ServerFailed(f"{error}:\n{docker.logs(container)}") from None
    return Started("container", container, "", values)


def _postgres_container() -> Started:
    (port,) = docker.start(_container("postgres"), "postgres:17", (5432,), {"POSTGRES_PASSWORD": PASSWORD})
    url = f"postgresql+psycopg2://postgres:{PASSWORD}@127.0.0.1:{port}/postgres"
    return _in_container("postgres", {"url": url}, lambda: answers.postgres(url))


def _rabbitmq_container() -> Started:
    login = {"RABBITMQ_DEFAULT_USER": "contoh", "RABBITMQ_DEFAULT_PASS": PASSWORD}
    port, managed = docker.start(_container("rabbitmq"), "rabbitmq:4.3-management", (5672, 15672), login)
    url = f"amqp://contoh:{PASSWORD}@127.0.0.1:{port}/"
    api = f"http://contoh:{PASSWORD}@127.0.0.1:{managed}"
    values = {"url": url, "management_url": api}
    return _in_container("rabbitmq", values, lambda: answers.rabbitmq(url) and answers.management(api))


def _s3_container() -> Started:
    login = {"MINIO_ROOT_USER": "contoh", "MINIO_ROOT_PASSWORD": PASSWORD}
    (port,) = docker.start(_container("s3"), docker.store_image(), (9000,), login, "server", "/data")
    values = {
        "endpoint": f"http://127.0.0.1:{port}",
        "access_key": "contoh",
        "secret_key": PASSWORD,
        "region": "us-east-1",
    }
    return _in_container("s3", values, lambda: answers.s3(S3Address(**values)))


def _kept(server: OwnServer, values: Callable[[], dict[str, str]]) -> Started:
    try:
        server.start()
    except BaseException:
        guardian.end(server.mark)
        raise
    return Started("processes", server.mark, str(server.directory), values())


def _postgres_package() -> Started:
    server = OwnPostgres(home() / "postgres", durable=True)
    return _kept(server, lambda: {"url": server.url})


def _rabbitmq_package() -> Started:
    server = OwnRabbitMQ(home() / "rabbitmq")
    return _kept(server, lambda: {"url": server.url, "management_url": server.management_url})


def _s3_package() -> Started:
    server = OwnS3(home() / "s3")
    return _kept(
        server,
        lambda: {
            "endpoint": server.address.endpoint,
            "access_key": server.address.access_key,
            "secret_key": server.address.secret_key,
            "region": server.address.region,
        },
    )
