"""Makes the broker's vhost, users and policies through its management API. Safe to repeat.

Each service may read its own queue and publish its own facts, and declare nothing: what a stolen password of one
service can do ends there. The topology user declares exchanges and queues and reads nothing of what is in them. The
passwords come from files; the administrator's name and password are those the broker itself was started with.
"""

import logging
import os
import sys
from pathlib import Path

from kompeten.services import NAMES, find_service
from shared.messaging.management import NOTHING, Broker, Rights
from shared.messaging.topology import EVENTS, PUBLIC

log = logging.getLogger("users")


def rights_of(service: str) -> Rights:
    """What one service needs."""
    exchanges = {EVENTS.name: rf"^id\.kompeten\.{service}\."}
    if find_service(service).tells_agencies:
        exchanges[PUBLIC.name] = r"^id\.kompeten\.public\."
    names = "|".join(name.replace(".", r"\.") for name in exchanges)
    return Rights(NOTHING, f"^({names})$", rf"^kompeten\.{service}$", exchanges)


TOPOLOGY = Rights(r"^kompeten\.", r"^kompeten\.", r"^kompeten\.", {EVENTS.name: NOTHING, PUBLIC.name: NOTHING})


def main(environment: dict[str, str]) -> int:
    secrets = Path(environment.get("SECRETS", "/run/secrets"))

    def secret(name: str) -> str:
        return (secrets / name).read_text().strip()

    broker = Broker(
        environment["KOMPETEN_BROKER_MANAGEMENT_URL"],
        environment.get("RABBITMQ_ADMIN", "kompeten-admin"),
        secret("rabbitmq_admin_password"),
        environment.get("RABBITMQ_VHOST", "kompeten"),
    )
    with broker:
        broker.wait_until_ready(120)
        broker.prepare_vhost()
        broker.keep_user("topology", secret("rabbitmq_topology_password"), TOPOLOGY)
        for service in NAMES:
            broker.keep_user(service, secret(f"rabbitmq_{service}_password"), rights_of(service))
    log.info("vhost %s: %d users with rights of their own, policy set", broker.vhost, len(NAMES) + 1)
    return 0


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    sys.exit(main(dict(os.environ)))
