"""The broker's management API: vhost, users, their rights. Only who has the administrator's password gets in."""

import re
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import quote, unquote, urlsplit

import httpx

from shared.messaging.failures import describe_failure
from shared.messaging.topology import DEAD, DEAD_QUEUE, EVENTS, PUBLIC, PUBLIC_STREAM
from shared.settings import Settings

NOTHING = "^$"
NEVER_REACHED = 1_000_000


class BrokerRefused(RuntimeError):
    """The management API is away or says no; the message tells to which call."""


@dataclass(frozen=True)
class Rights:
    """Regular expressions of the names a user may declare, publish to and read from; of the routing keys it may
    publish with, per exchange; and how many connections and channels it may have (empty: any number).
    """

    configure: str
    write: str
    read: str
    keys: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)


AGENCY = Rights(
    configure=NOTHING,
    write=NOTHING,
    read=f"^{re.escape(PUBLIC_STREAM.name)}$",
    keys={EVENTS.name: NOTHING, PUBLIC.name: NOTHING},
    limits={"max-connections": 10, "max-channels": 50},
)
"""Another agency reads the public stream and nothing else (decision 43)."""


class Broker:
    """The management API of one RabbitMQ, seen by its administrator."""

    def __init__(self, url: str, user: str, password: str, vhost: str) -> None:
        self.client = httpx.Client(base_url=f"{url.rstrip('/')}/api/", auth=(user, password), timeout=10)
        self.vhost = vhost
        self.admin = user
        self._vhost = quote(vhost, safe="")

    @classmethod
    def of(cls, config: Settings) -> Self | None:
        """The broker as the settings name it; None where there is none to manage (embedded)."""
        if config.embedded or not config.broker_management_url:
            return None
        password = config.secret(config.broker_admin_password_file)
        vhost = unquote(urlsplit(config.broker_url).path.removeprefix("/")) or "/"
        return cls(config.broker_management_url, config.broker_admin, password, vhost)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def wait_until_ready(self, seconds: float) -> None:
        """Return once the API answers; raises its last error (httpx.HTTPError) after `seconds`."""
        limit = time.monotonic() + seconds
        while True:
            try:
                self.client.get("whoami").raise_for_status()
            except httpx.HTTPError:
                if time.monotonic() > limit:
                    raise
                time.sleep(1)
            else:
                return

    def lets_in(self) -> bool:
        """Whether the API takes the administrator's name and password. Raises BrokerRefused when it is away."""
        return self._call("GET", "whoami").status_code != httpx.codes.UNAUTHORIZED

    def put_setting(self, path: str, body: Mapping[str, Any]) -> None:
        """Set what stands at `path` below the API to `body`. Raises BrokerRefused."""
        self._ask("PUT", path, body)

    def keep_user(self, name: str, password: str, rights: Rights) -> None:
        """A user without any administrator's tag, with exactly these rights in our vhost. Safe to repeat."""
        user = quote(name, safe="")
        self.put_setting(f"users/{user}", {"password": password, "tags": ""})
        self.put_setting(
            f"permissions/{self._vhost}/{user}",
            {"configure": rights.configure, "write": rights.write, "read": rights.read},
        )
        for exchange, keys in rights.keys.items():
            self.put_setting(
                f"topic-permissions/{self._vhost}/{user}", {"exchange": exchange, "write": keys, "read": ".*"}
            )
        for limit, value in rights.limits.items():
            self.put_setting(f"user-limits/{user}/{limit}", {"value": value})

    def delete_user(self, name: str) -> None:
        """Delete a user; the broker closes its connections. One that is not there stays so."""
        self._ask("DELETE", f"users/{quote(name, safe='')}", missing_is_fine=True)

    def prepare_vhost(self) -> None:
        """The vhost; the exchanges, without which RabbitMQ 4 takes no rights on their routing keys; and policies that
        let no quorum queue drop a message, whoever declared the queue and however often somebody looks at it.
        """
        self.put_setting(f"vhosts/{self._vhost}", {"description": "Kompeten"})
        everything = {"configure": ".*", "write": ".*", "read": ".*"}
        self.put_setting(f"permissions/{self._vhost}/{quote(self.admin, safe='')}", everything)
        for exchange in (EVENTS, PUBLIC, DEAD):
            self.put_setting(f"exchanges/{self._vhost}/{exchange.name}", {"type": exchange.type, "durable": True})
        self.put_setting(
            f"policies/{self._vhost}/kompeten-never-drop",
            {
                "pattern": r"^kompeten\.(?!dead$|public\.)",
                "apply-to": "queues",
                "definition": {"delivery-limit": NEVER_REACHED, "dead-letter-exchange": DEAD.name},
            },
        )
        # looking at what was rejected counts as a delivery, and RabbitMQ 4 drops what was delivered 20 times
        self.put_setting(
            f"policies/{self._vhost}/kompeten-keep-rejected",
            {
                "pattern": rf"^{re.escape(DEAD_QUEUE.name)}$",
                "apply-to": "queues",
                "definition": {"delivery-limit": NEVER_REACHED},
            },
        )
        if self.admin != "guest":
            self.delete_user("guest")

    def drop_bindings(self, exchange: str, queue: str, keep: Collection[str]) -> list[str]:
        """Unbind `queue` from the routing keys of `exchange` that are not to be kept. Returns those keys.

        What no version listens to any more would else wait in an inbox until it is dead. Raises BrokerRefused.
        """
        path = f"bindings/{self._vhost}/e/{exchange}/q/{queue}"
        bindings = self._list(path)
        dropped = [binding for binding in bindings if binding["routing_key"] not in keep]
        for binding in dropped:
            self._ask("DELETE", f"{path}/{quote(binding['properties_key'], safe='')}", missing_is_fine=True)
        return [binding["routing_key"] for binding in dropped]

    def _list(self, path: str) -> list[dict[str, Any]]:
        """What stands at `path`; nothing when there is no such place."""
        answer = self._call("GET", path)
        if answer.status_code == httpx.codes.NOT_FOUND:
            return []
        if answer.is_error:
            raise BrokerRefused(f"the broker refuses {path}: {answer.status_code} {answer.text[:500]}")
        found: list[dict[str, Any]] = answer.json()
        return found

    def _ask(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, missing_is_fine: bool = False
    ) -> None:
        answer = self._call(method, path, body)
        if answer.is_error and not (missing_is_fine and answer.status_code == httpx.codes.NOT_FOUND):
            raise BrokerRefused(f"the broker refuses {path}: {answer.status_code} {answer.text[:500]}")

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> httpx.Response:
        """The API's answer, whatever it is. Raises BrokerRefused when there is none."""
        try:
            return self.client.request(method, path, json=body)
        except httpx.HTTPError as error:
            raise BrokerRefused(f"the broker's management API is away: {describe_failure(error)}") from error
