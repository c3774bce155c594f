"""Makes the broker's vhost, users and policies through its management API. Safe to repeat.

Each service may read its own queue and publish its own facts, and declare nothing: what a stolen password of one
service can do ends there. The topology user declares exchanges and queues and reads nothing of what is in them. The
passwords come from files; the administrator's name and password are those the broker itself was started with.
"""

import logging
import os
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx

from shared.messaging.topology import DEAD, EVENTS, PUBLIC
from shared.settings import SERVICES

log = logging.getLogger("users")

NOTHING = "^$"
PUBLISHES_TO_OTHER_AGENCIES = "certificate"
NEVER_REACHED = 1_000_000


@dataclass(frozen=True)
class Rights:
    """Regular expressions of the names a user may declare, publish to and read from; and of the routing keys it may
    publish with, per exchange.
    """

    configure: str
    write: str
    read: str
    keys: dict[str, str]


def rights_of(service: str) -> Rights:
    """What one service needs."""
    exchanges = {EVENTS.name: rf"^id\.kompeten\.{service}\."}
    if service == PUBLISHES_TO_OTHER_AGENCIES:
        exchanges[PUBLIC.name] = r"^id\.kompeten\.public\."
    names = "|".join(name.replace(".", r"\.") for name in exchanges)
    return Rights(NOTHING, f"^({names})$", rf"^kompeten\.{service}$", exchanges)


TOPOLOGY = Rights(r"^kompeten\.", r"^kompeten\.", r"^kompeten\.", {EVENTS.name: NOTHING, PUBLIC.name: NOTHING})


class Broker:
    """The management API of one RabbitMQ, seen by its administrator."""

    def __init__(self, url: str, user: str, password: str, vhost: str) -> None:
        self.client = httpx.Client(base_url=url, auth=(user, password), timeout=10)
        self.vhost = vhost
        self.admin = user

    def close(self) -> None:
        self.client.close()

    def wait(self, seconds: float) -> None:
        """Until the API answers; raises the last error after `seconds`."""
        limit = time.monotonic() + seconds
        while True:
            try:
                self.client.get("/api/whoami").raise_for_status()
            except httpx.HTTPError:
                if time.monotonic() > limit:
                    raise
                time.sleep(1)
            else:
                return

    def put(self, path: str, body: dict[str, object]) -> None:
        answer = self.client.put(f"/api/{path}", json=body)
        if answer.is_error:
            raise RuntimeError(f"the broker refuses {path}: {answer.status_code} {answer.text[:500]}")

    def user(self, name: str, password: str, rights: Rights) -> None:
        """A user without any administrator's tag, with exactly these rights in our vhost."""
        vhost, user = quote(self.vhost, safe=""), quote(name, safe="")
        self.put(f"users/{user}", {"password": password, "tags": ""})
        self.put(
            f"permissions/{vhost}/{user}",
            {"configure": rights.configure, "write": rights.write, "read": rights.read},
        )
        for exchange, keys in rights.keys.items():
            body: dict[str, object] = {"exchange": exchange, "write": keys, "read": ".*"}
            self.put(f"topic-permissions/{vhost}/{user}", body)

    def prepare(self) -> None:
        """The vhost; the exchanges, without which RabbitMQ 4 takes no rights on their routing keys; and the policy that
        lets no quorum queue drop a message, whoever declared the queue.
        """
        vhost = quote(self.vhost, safe="")
        self.put(f"vhosts/{vhost}", {"description": "Kompeten"})
        self.put(f"permissions/{vhost}/{quote(self.admin, safe='')}", {"configure": ".*", "write": ".*", "read": ".*"})
        for exchange in (EVENTS, PUBLIC, DEAD):
            self.put(f"exchanges/{vhost}/{exchange.name}", {"type": exchange.type, "durable": True})
        self.put(
            f"policies/{vhost}/kompeten-never-drop",
            {
                "pattern": r"^kompeten\.(?!dead$|public\.)",
                "apply-to": "queues",
                "definition": {"delivery-limit": NEVER_REACHED, "dead-letter-exchange": DEAD.name},
            },
        )
        if self.admin != "guest":
            answer = self.client.delete("/api/users/guest")
            if answer.status_code != httpx.codes.NOT_FOUND:
                answer.raise_for_status()


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
    with closing(broker):
        broker.wait(120)
        broker.prepare()
        broker.user("topology", secret("rabbitmq_topology_password"), TOPOLOGY)
        for service in SERVICES:
            broker.user(service, secret(f"rabbitmq_{service}_password"), rights_of(service))
    log.info("vhost %s: %d users with rights of their own, policy set", broker.vhost, len(SERVICES) + 1)
    return 0


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    sys.exit(main(dict(os.environ)))
