"""`python -m tests.servers up | down | env`."""

import sys

import click

from tests.servers import available
from tests.servers.address import Addresses, home
from tests.servers.processes import ServerFailed

USAGE = """python -m tests.servers up     make PostgreSQL, RabbitMQ, an S3 server and Chromium available
python -m tests.servers env    the same, then print the variables to eval
python -m tests.servers down   end what `up` started, and nothing else"""


def described(servers: Addresses) -> str:
    """What is there, for the person at the terminal."""
    managed = "with" if servers.rabbitmq.management_url else "without"
    return "\n".join(
        (
            f"PostgreSQL  {servers.postgres.rpartition('@')[2]}",
            f"RabbitMQ    {servers.rabbitmq.url.rpartition('@')[2]}, {managed} its management API",
            f"S3          {servers.s3.endpoint}, region {servers.s3.region}",
            f"Chromium    {servers.chromium}",
            f"what was started here keeps data and logs in {home()}",
        )
    )


def main() -> int:
    match sys.argv[1:]:
        case ["up"]:
            available.programs_to_break()
            available.office()
            click.echo(described(available.all_servers()))
        case ["env"]:
            click.echo(available.all_servers().exports())
        case ["down"]:
            click.echo("ended: " + (", ".join(available.end_all()) or "nothing, because nothing was started from here"))
        case _:
            click.echo(USAGE)
            return 2
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ServerFailed as failure:
        sys.exit(f"servers: {failure}")
