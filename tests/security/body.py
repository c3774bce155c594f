"""The whole certification body in one process and one thread: every service's application over a database file.

What is told goes straight from each outbox into every other service's inbox when `settle` is called, so a request and
all that follows from it are over before the next one: the walks below need no waiting and no servers.
"""

from collections.abc import Iterable
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from kompeten.front import make_front
from kompeten.services import NAMES, find_service
from services.certificate.agencies.commands import subscribing as agencies
from shared.database.unit import Database
from shared.messaging.inbox import retry_waiting, take_in_batch
from shared.messaging.models import OutboxRow
from shared.security.actor import SYSTEM, Actor
from shared.security.roles import Role
from shared.security.tokens import issue_token
from shared.web import App
from tests.schema import list_tables

ROUNDS = 60
"""More exchanges than one request can lead to; reaching it means that two services talk in circles."""


def person(*roles: Role, name: str = "ORANG CONTOH") -> Actor:
    return Actor(uuid4(), name, f"{uuid4().hex[:12]}@contoh.test", frozenset(roles))


def bearer(actor: Actor, generation: int = 0) -> dict[str, str]:
    return {"Authorization": f"Bearer {issue_token(actor, 'id', generation=generation).value}"}


class Service:
    """One service: its database, its application, what it reacts to and what it does afterwards."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.database = Database(name)
        self.tables = list_tables(name)
        for table in self.tables:
            table.create(self.database.engine, checkfirst=True)
        self.app: App = find_service(name).make_application(self.database)
        self.reactions = _part(name, "reactions")
        self.jobs = _part(name, "jobs")
        self.told_up_to = 0

    def news(self) -> list[str]:
        """Envelopes told since the last time."""
        with self.database.reading() as session:
            rows = session.execute(
                select(OutboxRow.position, OutboxRow.envelope)
                .where(OutboxRow.position > self.told_up_to)
                .order_by(OutboxRow.position)
            ).all()
        if rows:
            self.told_up_to = rows[-1].position
        return [row.envelope for row in rows]

    def do(self) -> int:
        """Retries and jobs that are due."""
        tried = retry_waiting(self.database, self.reactions) if self.reactions else 0
        return tried + (self.jobs.run_due(self.database) if self.jobs else 0)


class Body:
    """All services, and the address they share."""

    def __init__(self, names: Iterable[str] = NAMES) -> None:
        self.services = {name: Service(name) for name in names}
        self.front = make_front({name: service.app for name, service in self.services.items()})

    @cached_property
    def feed_key(self) -> str:
        """The key of another agency."""
        with self.services["certificate"].database.unit_of_work() as session:
            _, keys = agencies.add_agency(
                session, SYSTEM, agencies.AddAgency(name="contoh", contact=None, webhook_url=None)
            )
        return keys.feed_key

    def settle(self) -> None:
        """Let everything that was told be heard and everything that was asked for be done."""
        for _ in range(ROUNDS):
            news = [envelope for service in self.services.values() for envelope in service.news()]
            for service in self.services.values():
                if news and service.reactions:
                    take_in_batch(service.database, service.reactions, news)
            done = sum(service.do() for service in self.services.values())
            if not news and not done:
                return
        raise RuntimeError("the services do not come to rest")

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """WSGI: the answer is given when all that follows from the request is over."""
        answer = self.front(environ, start_response)
        self.settle()
        return answer

    def close(self) -> None:
        for service in self.services.values():
            service.database.close()


def _part(service: str, part: str) -> Any:
    name = f"services.{service}.{part}"
    return getattr(import_module(name), part) if find_spec(name) else None
