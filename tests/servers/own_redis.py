"""A Redis of a test's own: the store of limits."""

from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from tests.servers.own import OwnServer
from tests.servers.packages import install, need
from tests.servers.processes import free_ports

PASSWORD = "rahasia-contoh-untuk-uji"


class OwnRedis(OwnServer):
    """One Redis that keeps everything in memory and wants a password, as the deployment's does."""

    name = "redis"
    password = PASSWORD

    def __init__(self, directory: Path | None = None, *, port: int | None = None) -> None:
        install("redis-server", programs=("redis-server",))
        super().__init__(directory)
        (self.port,) = free_ports(1)
        self.port = port or self.port

    @property
    def url(self) -> str:
        """Its address, without the password."""
        return f"redis://127.0.0.1:{self.port}"

    def make(self) -> None:
        """Nothing: it begins empty."""

    def command(self) -> list[str]:
        kept = ("--save", "", "--appendonly", "no", "--dir", str(self.directory))
        # a title of its own would cover the mark by which the guardian finds the process
        listens = ("--bind", "127.0.0.1", "--port", str(self.port), "--requirepass", self.password)
        return [str(need("redis-server")), *listens, *kept, "--set-proc-title", "no"]

    def ready(self) -> bool:
        try:
            return bool(self.client().ping())
        except RedisError:
            return False

    def client(self) -> Redis:
        """A connection that may do everything."""
        return Redis(port=self.port, password=self.password, socket_timeout=2, socket_connect_timeout=2)
