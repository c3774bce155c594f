"""A PostgreSQL of a test's own."""

import shutil
import signal
from pathlib import Path

from tests.servers import answers
from tests.servers.fresh import Databases
from tests.servers.own import OwnServer, unprivileged
from tests.servers.packages import install, need
from tests.servers.processes import free_port, run


class OwnPostgres(OwnServer):
    """One PostgreSQL cluster, trusting connections from loopback as user postgres.

    Commits are synchronous and survive `kill`. They are not forced to the disk unless `durable`: a killed process
    leaves its writes to the kernel, only a machine without power would lose them, and tests don't pull plugs.
    """

    name = "postgres"
    stop_signal = signal.SIGINT

    def __init__(self, directory: Path | None = None, *, port: int | None = None, durable: bool = False) -> None:
        install("postgresql", programs=("initdb", "postgres"))
        super().__init__(directory)
        self.port = port or free_port()
        self.durable = durable
        self.databases = Databases(self.url)

    @property
    def data(self) -> Path:
        return self.directory / "data"

    @property
    def url(self) -> str:
        """SQLAlchemy address of the administration database."""
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        """SQLAlchemy address of one database; `{service}` in the name stays as it is."""
        return f"postgresql+psycopg2://postgres@127.0.0.1:{self.port}/{database}"

    def fresh(self, *services: str) -> str:
        """Address of a new database, or of one for each service; the fixture drops them."""
        return self.databases.fresh(*services)

    def user(self) -> str | None:
        return unprivileged("postgres")

    def make(self) -> None:
        if owner := self.user():
            shutil.chown(self.directory, owner, owner)
            self.directory.chmod(0o755)
        options = [] if self.durable else ["--no-sync"]
        run(
            [str(need("initdb")), "-D", str(self.data), "-U", "postgres", "--auth=trust", "-E", "UTF8", *options],
            user=self.user(),
            directory=self.directory,
            environment={"LC_ALL": "C.UTF-8"},
        )
        settings = {
            "listen_addresses": "'127.0.0.1'",
            "port": str(self.port),
            "unix_socket_directories": f"'{self.directory}'",
            "max_connections": "200",
            "timezone": "'UTC'",
            "log_timezone": "'UTC'",
        }
        if not self.durable:
            settings |= {"fsync": "off", "full_page_writes": "off"}
        with (self.data / "postgresql.conf").open("a") as configuration:
            configuration.writelines(f"{name} = {value}\n" for name, value in settings.items())

    def command(self) -> list[str]:
        # A server killed with SIGKILL leaves its pid file behind; a later process may have inherited that number.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        return [str(need("postgres")), "-D", str(self.data)]

    def ready(self) -> bool:
        return answers.postgres(self.url)
