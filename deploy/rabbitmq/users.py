"""Makes the broker's vhost, users and policies through its management API, and unbinds what no reader listens to any
more. Safe to repeat.

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


def change_administrator(environment: dict[str, str], password: str) -> int:
    """Give the administrator another password, by the one that is in its file still (`deploy/rotate`).

    Safe to repeat: a broker that took the new one before the rotation broke off is asked by the new one.
    """
    with open_broker(environment) as broker:
        taken = not broker.lets_in()
    with open_broker(environment, password if taken else "") as broker:
        broker.put_setting(
            f"users/{name_administrator(environment)}",
            {"password": password, "tags": "administrator"},
        )
    return 0


def name_administrator(environment: dict[str, str]) -> str:
    """The user whom the broker itself was started with."""
    return environment.get("RABBITMQ_ADMIN", "kompeten-admin")


def open_broker(environment: dict[str, str], password: str = "") -> Broker:
    """The broker's management API, for its administrator, by the password of its file unless another one is given."""
    secrets = Path(environment.get("SECRETS", "/run/secrets"))
    return Broker(
        environment["KOMPETEN_BROKER_MANAGEMENT_URL"],
        name_administrator(environment),
        password or (secrets / "rabbitmq_admin_password").read_text().strip(),
        environment.get("RABBITMQ_VHOST", "kompeten"),
    )


def main(environment: dict[str, str]) -> int:
    secrets = Path(environment.get("SECRETS", "/run/secrets"))

    def secret(name: str) -> str:
        return (secrets / name).read_text().strip()

    with open_broker(environment) as broker:
        broker.wait_until_ready(120)
        broker.prepare_vhost()
        broker.keep_user("topology", secret("rabbitmq_topology_password"), TOPOLOGY)
        for service in NAMES:
            broker.keep_user(service, secret(f"rabbitmq_{service}_password"), rights_of(service))
            listens = find_service(service).reactions
            for key in broker.drop_bindings(EVENTS.name, f"kompeten.{service}", listens.types if listens else ()):
                log.info("%s listens to %s no longer", service, key)
    log.info("vhost %s: %d users with rights of their own, policy set", broker.vhost, len(NAMES) + 1)
    return 0


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    if sys.argv[1:] == ["change-administrator"]:
        sys.exit(change_administrator(dict(os.environ), sys.stdin.read().strip()))
    sys.exit(main(dict(os.environ)))
