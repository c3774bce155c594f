"""A RabbitMQ of a test's own, with its management API."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.servers import answers
from tests.servers.own import OwnServer
from tests.servers.packages import find, install
from tests.servers.processes import ServerFailed, free_ports

SERVER_SCRIPTS = Path("/usr/lib/rabbitmq/bin")


class OwnRabbitMQ(OwnServer):
    """One RabbitMQ node that shares nothing with another on this machine.

    Its node name, distribution port, port mapper (epmd), cookie, database, log and plugin list are its own. User
    guest with password guest is administrator, vhost `/` is there. Durable queues survive `stop` and `kill`; only a
    quorum queue declared less than a second before `kill` may not: RabbitMQ 3.10 writes its members down late.
    """

    name = "rabbitmq"

    def __init__(self, directory: Path | None = None, *, port: int | None = None) -> None:
        install("rabbitmq-server", programs=("rabbitmq-server", "epmd"))
        super().__init__(directory)
        self.port, self.management_port, self._distribution, self._mapper = free_ports(4)
        self.port = port or self.port

    @property
    def node(self) -> str:
        return f"kompeten-{self.port}@localhost"

    @property
    def url(self) -> str:
        """AMQP address with the default vhost."""
        return self.url_of("")

    def url_of(self, vhost: str) -> str:
        """AMQP address of one vhost, whose name must need no quoting."""
        return f"amqp://guest:guest@127.0.0.1:{self.port}/{vhost}"

    @property
    def management_url(self) -> str:
        """Address of the management API, without `/api`, with the administrator's name and password."""
        return f"http://guest:guest@127.0.0.1:{self.management_port}"

    def environment(self) -> dict[str, str]:
        here = self.directory
        return {
            "HOME": str(here),
            "ERL_EPMD_PORT": str(self._mapper),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": self.node,
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self._distribution),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "RABBITMQ_BASE": str(here),
            "RABBITMQ_MNESIA_BASE": str(here / "database"),
            "RABBITMQ_LOG_BASE": str(here / "log"),
            "RABBITMQ_PID_FILE": str(here / "rabbitmq.pid"),
            "RABBITMQ_CONF_ENV_FILE": str(here / "environment.conf"),
            "RABBITMQ_CONFIG_FILE": str(here / "rabbitmq.conf"),
            "RABBITMQ_CONFIG_FILES": str(here / "conf.d"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(here / "advanced.config"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(here / "enabled_plugins"),
            # The start script then becomes the server instead of watching it: SIGTERM and SIGKILL reach it directly.
            "detached": "true",
        }

    def make(self) -> None:
        here = self.directory
        for folder in ("database", "log", "conf.d"):
            (here / folder).mkdir(exist_ok=True)
        (here / "environment.conf").write_text("")
        (here / "advanced.config").write_text("[].\n")
        (here / "enabled_plugins").write_text("[rabbitmq_management].\n")
        (here / "rabbitmq.conf").write_text(
            f"listeners.tcp.default = 127.0.0.1:{self.port}\n"
            f"management.tcp.ip = 127.0.0.1\nmanagement.tcp.port = {self.management_port}\n"
            "disk_free_limit.absolute = 50MB\nlog.file.level = info\nlog.console = false\n"
        )
        cookie = here / ".erlang.cookie"
        cookie.write_text(self.mark.upper())
        cookie.chmod(0o400)

    def command(self) -> list[str]:
        return [str(script("rabbitmq-server"))]

    def ready(self) -> bool:
        return answers.rabbitmq(self.url) and answers.management(self.management_url)

    def control(self, *arguments: str, seconds: float = 60) -> str:
        """Run `rabbitmqctl` against this node and give its output."""
        done = subprocess.run(
            [str(script("rabbitmqctl")), "-n", self.node, *arguments],
            env={**os.environ, **self.environment()},
            capture_output=True,
            text=True,
            timeout=seconds,
        )
        if done.returncode:
            raise ServerFailed(f"rabbitmqctl {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """One call to the management API, such as `ask("GET", "/api/queues")`."""
        return answers.ask_management(self.management_url, method, path, body)

    def clear(self) -> None:
        """Forget vhosts, queues, exchanges, policies and users of earlier tests; the server must run."""
        for user in self.ask("GET", "/api/users"):
            if user["name"] != "guest":
                self.ask("DELETE", f"/api/users/{quote(user['name'], safe='')}")
        for vhost in self.ask("GET", "/api/vhosts"):
            self.ask("DELETE", f"/api/vhosts/{quote(vhost['name'], safe='')}")
        self.ask("PUT", "/api/vhosts/%2F")
        self.ask("PUT", "/api/permissions/%2F/guest", {"configure": ".*", "write": ".*", "read": ".*"})

    def forget(self) -> None:
        """Start over with an empty database, as after losing the disk; the server must be stopped."""
        shutil.rmtree(self.directory / "database")
        (self.directory / "database").mkdir()


def script(name: str) -> Path:
    """RabbitMQ's own start script: Debian's wrapper before it insists on root and on the one system node."""
    if (path := SERVER_SCRIPTS / name).exists():
        return path
    if found := find(name):
        return found
    raise ServerFailed(f"{name} is not installed; `python -m tests.servers up` installs it")
