"""Whether a server answers, asked as a client would: with a log-in, not only a connection."""

import base64
import importlib
import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

import psycopg2
import urllib3
from minio import Minio

from tests.servers.address import S3Address


def postgres(url: str) -> bool:
    """A log-in with a SQLAlchemy or libpq address works."""
    try:
        psycopg2.connect(url.replace("+psycopg2", ""), connect_timeout=3).close()
    except psycopg2.OperationalError:
        return False
    return True


def rabbitmq(url: str) -> bool:
    """A log-in with an AMQP address works and its vhost is there."""
    amqp: Any = importlib.import_module("amqp")
    parts = urllib.parse.urlsplit(url)
    connection = amqp.Connection(
        host=f"{parts.hostname}:{parts.port or 5672}",
        userid=urllib.parse.unquote(parts.username or "guest"),
        password=urllib.parse.unquote(parts.password or "guest"),
        virtual_host=urllib.parse.unquote(parts.path[1:]) or "/",
        connect_timeout=3,
        read_timeout=3,
        write_timeout=3,
    )
    try:
        connection.connect()
        connection.close()
    except (OSError, amqp.AMQPError):
        return False
    return True


def management(url: str) -> bool:
    """The RabbitMQ management API lets the user named in the address in."""
    try:
        ask_management(url, "GET", "/api/whoami")
    except OSError:
        return False
    return True


def ask_management(url: str, method: str, path: str, body: object = None) -> Any:
    """One call to the RabbitMQ management API; raises OSError (urllib's HTTPError among them) when refused."""
    parts = urllib.parse.urlsplit(url)
    login = f"{urllib.parse.unquote(parts.username or '')}:{urllib.parse.unquote(parts.password or '')}"
    request = urllib.request.Request(
        f"{parts.scheme}://{parts.hostname}:{parts.port}{path}",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Authorization": "Basic " + base64.b64encode(login.encode()).decode(),
            "Content-Type": "application/json",
        },
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def s3_client(address: S3Address, seconds: float = 10) -> Minio:
    """A client for the server, with time-outs; the region is given so that signing asks nobody."""
    parts = urllib.parse.urlsplit(address.endpoint)
    return Minio(
        endpoint=parts.netloc,
        access_key=address.access_key,
        secret_key=address.secret_key,
        region=address.region,
        secure=parts.scheme == "https",
        http_client=urllib3.PoolManager(timeout=urllib3.Timeout(seconds), retries=False),
    )


def s3(address: S3Address) -> bool:
    """A signed request is accepted."""
    try:
        s3_client(address, seconds=3).list_buckets()
    except Exception as error:
        if isinstance(error, urllib3.exceptions.HTTPError) or type(error).__module__.startswith("minio"):
            return False
        raise
    return True
