"""Fresh databases, vhosts and buckets on a shared server, each removed after use."""

import os
import secrets
import subprocess
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import psycopg2
from minio.deleteobjects import DeleteObject
from minio.error import S3Error
from psycopg2 import sql

from tests.servers import answers
from tests.servers.address import RabbitMQAddress, S3Address
from tests.servers.packages import find

SERVICE = "{service}"


def name() -> str:
    """A name nobody has taken, good for a database, a vhost and a bucket."""
    return f"uji{secrets.token_hex(6)}"


class Databases:
    """Makes databases on one PostgreSQL and drops them again."""

    def __init__(self, url: str) -> None:
        """`url` is the SQLAlchemy address of a database whose user may make others."""
        self.url = url
        self._made: list[str] = []

    def fresh(self, *services: str) -> str:
        """The address of a new empty database; with services named, one database for each of them and an address
        with the placeholder `{service}`, as the setting KOMPETEN_DATABASE_URL takes it.
        """
        made = name()
        for database in [f"{made}_{service}" for service in services] or [made]:
            self._run("CREATE DATABASE {}", database)
            self._made.append(database)
        return self._address(f"{made}_{SERVICE}" if services else made)

    def drop(self) -> None:
        """Drop everything made, even with connections open."""
        while self._made:
            self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", self._made.pop())

    def _address(self, database: str) -> str:
        path = urlsplit(self.url).path
        before, _, after = self.url.rpartition(path)
        return f"{before}/{database}{after}"

    def _run(self, statement: str, database: str) -> None:
        connection = psycopg2.connect(self.url.replace("+psycopg2", ""), connect_timeout=10)
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(sql.SQL(statement).format(sql.Identifier(database)))
        finally:
            connection.close()


class Vhosts:
    """Makes vhosts on one RabbitMQ, through its management API or rabbitmqctl, and deletes them again.

    Where neither can be had the default vhost serves everybody, so names of queues and exchanges are then shared.
    """

    def __init__(self, server: RabbitMQAddress) -> None:
        self.server = server
        self._made: list[str] = []
        parts = urlsplit(server.url)
        self._user = parts.username or "guest"
        self._origin = f"{parts.scheme}://{parts.netloc}"

    def fresh(self) -> str:
        """AMQP address of a new vhost in which the server's user may do everything."""
        made = name()
        if self.server.management_url:
            path = f"/api/permissions/{made}/{quote(self._user, safe='')}"
            answers.ask_management(self.server.management_url, "PUT", f"/api/vhosts/{made}")
            answers.ask_management(
                self.server.management_url, "PUT", path, {"configure": ".*", "write": ".*", "read": ".*"}
            )
        elif not (
            self._control("add_vhost", made)
            and self._control("set_permissions", "-p", made, self._user, ".*", ".*", ".*")
        ):
            return self.server.url
        self._made.append(made)
        return f"{self._origin}/{made}"

    def drop(self) -> None:
        """Delete everything made."""
        while self._made:
            made = self._made.pop()
            if self.server.management_url:
                answers.ask_management(self.server.management_url, "DELETE", f"/api/vhosts/{made}")
            else:
                self._control("delete_vhost", made)

    def _control(self, *arguments: str) -> bool:
        if not (program := find("rabbitmqctl")):
            return False
        command = [str(program), *arguments]
        if os.geteuid() != 0:
            command = ["sudo", "-n", *command]
        try:
            return subprocess.run(command, capture_output=True, timeout=60).returncode == 0
        except (OSError, subprocess.TimeoutExpired):
            return False


@dataclass(frozen=True)
class Bucket:
    """An empty bucket and who may use it."""

    server: S3Address
    name: str

    @property
    def object_store_url(self) -> str:
        """As the setting KOMPETEN_OBJECT_STORE_URL takes it."""
        return self.server.object_store_url(self.name)


class Buckets:
    """Makes buckets on one S3 server and empties and removes them again."""

    def __init__(self, server: S3Address) -> None:
        self.server = server
        self._client = answers.s3_client(server)
        self._made: list[str] = []

    def fresh(self, *, object_lock: bool = True) -> Bucket:
        """A new empty bucket; one that keeps versions and can lock, as a deployment has it, unless told otherwise."""
        made = name()
        self._client.make_bucket(bucket_name=made, object_lock=object_lock)
        self._made.append(made)
        return Bucket(self.server, made)

    def adopt(self, bucket: str) -> None:
        """Remove also a bucket somebody else made."""
        self._made.append(bucket)

    def drop(self) -> None:
        """Remove what was made; what an object lock still holds stays until the server forgets it."""
        while self._made:
            made = self._made.pop()
            versions = self._client.list_objects(bucket_name=made, recursive=True, include_version=True)
            names = [DeleteObject(name=found.object_name or "", version_id=found.version_id) for found in versions]
            refused = list(self._client.remove_objects(bucket_name=made, delete_object_list=names))
            try:
                self._client.remove_bucket(bucket_name=made)
            except S3Error:
                if not refused:
                    raise
