"""Where the servers are, as the tests are told and as `python -m tests.servers env` prints it."""

import json
import os
import shlex
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.servers.processes import ServerFailed


@dataclass(frozen=True)
class S3Address:
    """An S3 server and an account on it that may make buckets."""

    endpoint: str
    access_key: str
    secret_key: str
    region: str

    def object_store_url(self, bucket: str) -> str:
        """The address of one bucket as the software's settings take it."""
        return f"s3+{self.endpoint}/{bucket}"


@dataclass(frozen=True)
class RabbitMQAddress:
    """A RabbitMQ: AMQP address of its default vhost, and the management API where there is one."""

    url: str
    management_url: str | None


VARIABLES = {
    "postgres": "KOMPETEN_TESTS_POSTGRES_URL",
    "rabbitmq": "KOMPETEN_TESTS_RABBITMQ_URL",
    "management": "KOMPETEN_TESTS_RABBITMQ_MANAGEMENT_URL",
    "s3": "KOMPETEN_TESTS_S3_URL",
    "s3_access_key": "KOMPETEN_TESTS_S3_ACCESS_KEY",
    "s3_secret_key": "KOMPETEN_TESTS_S3_SECRET_KEY",
    "s3_region": "KOMPETEN_TESTS_S3_REGION",
    "chromium": "KOMPETEN_TESTS_CHROMIUM",
}


@dataclass(frozen=True)
class Addresses:
    """All servers at once."""

    postgres: str
    rabbitmq: RabbitMQAddress
    s3: S3Address
    chromium: str

    def exports(self) -> str:
        """Shell lines to eval; a test run that sees them looks no further."""
        values = {
            "postgres": self.postgres,
            "rabbitmq": self.rabbitmq.url,
            "management": self.rabbitmq.management_url or "",
            "s3": self.s3.endpoint,
            "s3_access_key": self.s3.access_key,
            "s3_secret_key": self.s3.secret_key,
            "s3_region": self.s3.region,
            "chromium": self.chromium,
        }
        return "\n".join(f"export {VARIABLES[name]}={shlex.quote(value)}" for name, value in values.items() if value)


def named(name: str) -> str | None:
    """The address the environment gives for a server, if it gives one."""
    return os.environ.get(VARIABLES[name]) or None


def home() -> Path:
    """The folder for what `up` starts: data, logs and the list of it; one per user, readable by others only for
    servers that run as a user of their own.
    """
    folder = Path(
        os.environ.get("KOMPETEN_TESTS_HOME") or Path(tempfile.gettempdir()) / f"kompeten-servers-{os.getuid()}"
    )
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise ServerFailed(f"{folder} belongs to somebody else")
    return folder


@dataclass(frozen=True)
class Started:
    """One server `up` started: how (a mark of its processes, or a container's name), where its data are, and what
    the tests are told about it.
    """

    how: str
    handle: str
    directory: str
    address: dict[str, str]


def remembered() -> dict[str, Started]:
    """What `up` started earlier and `down` has not ended."""
    path = home() / "started.json"
    if not path.exists():
        return {}
    return {name: Started(**entry) for name, entry in json.loads(path.read_text()).items()}


def remember(started: dict[str, Started]) -> None:
    """Write down what is running now, in one step."""
    path = home() / "started.json"
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps({name: asdict(entry) for name, entry in started.items()}, indent=2))
    draft.chmod(0o600)
    draft.replace(path)
