"""PostgreSQL's connections are enough for five replicas of everything, also while one service is being updated."""

import re

from kompeten.services import NAMES
from shared.settings import Settings
from tests.checks.test_deployment import CONTAINERS

REPLICAS = 5
BY_HAND = 20
"""For `psql`, dumps and whoever looks after the system."""
OF_THE_SUPERUSER = 3
"""What PostgreSQL keeps for it (`superuser_reserved_connections`)."""


def count_needed(replicas: int) -> int:
    """Connections open at most: each process its pool, twice as many of the service that is being updated, each
    command and step one for every service.
    """
    pool = Settings.model_fields["database_pool"].default
    processes = replicas * (len(NAMES) + 1)
    commands = [name for name, container in CONTAINERS.items() if _is_command(container)]
    return int(processes * pool + len(commands) * len(NAMES) + BY_HAND + OF_THE_SUPERUSER)


def _is_command(container: dict[str, object]) -> bool:
    return "postgres" in container.get("depends_on", {}) and container.get("restart") == "no"  # type: ignore[operator]


def test_the_connections_are_enough_for_five_replicas_of_everything() -> None:
    """This failure mode means that the last replicas that start get no connection, and answer 503."""
    command = " ".join(CONTAINERS["postgres"]["command"])
    found = re.search(r"max_connections=(\d+)", command)
    assert found is not None
    assert int(found[1]) >= count_needed(REPLICAS)
    assert int(found[1]) < count_needed(REPLICAS + 1), "memory for connections that nobody opens"


def test_no_service_is_given_a_larger_pool_than_is_counted_with() -> None:
    for service in NAMES:
        assert "KOMPETEN_DATABASE_POOL" not in CONTAINERS[service]["environment"]
