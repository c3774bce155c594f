"""Records that belong to somebody, for strangers to try."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from uuid import UUID

from sqlalchemy import Uuid, select

from kompeten.demo.cases import Holder
from kompeten.demo.cast import Cast
from services.registration.models import Account
from shared.security.actor import Actor
from shared.security.roles import Role
from tests.security.body import Body, bearer
from tests.security.routes import Route

PER_TABLE = 2
"""Records of each table that are tried."""
COMBINATIONS = 150
"""For addresses with several ids: so many of their combinations."""


@dataclass(frozen=True)
class Story:
    """What was played: in `body`, by `cast`, about `holder`."""

    body: Body
    cast: Cast
    holder: Holder

    @property
    def owner(self) -> Actor:
        """The applicant whose records they are."""
        known = self.holder.client.get("/registration/api/me")
        return Actor(UUID(known["id"]), known["name"], known["email"], frozenset({Role.APPLICANT}))

    @cached_property
    def generations(self) -> dict[UUID, int]:
        """Of which generation the tokens are that count now, for each account there is."""
        with self.body.services["registration"].database.reading() as session:
            return {row.id: row.generation for row in session.execute(select(Account.id, Account.generation))}

    def headers(self, actor: Actor) -> dict[str, str]:
        """What the actor's requests bring, whether he or she has an account or none."""
        return bearer(actor, self.generations.get(actor.id, 0))

    def ids(self, service: str) -> list[UUID]:
        """Keys of the records of a service, a few of each table, and the person's own."""
        database = self.body.services[service].database
        found = [self.owner.id]
        with database.reading() as session:
            for column in (column for table in self.body.services[service].tables for column in table.columns):
                if isinstance(column.type, Uuid) and (column.primary_key or column.name == "application_id"):
                    found += session.scalars(select(column).distinct().limit(PER_TABLE))
        return list(dict.fromkeys(found))

    def addresses(self, service: str, route: Route) -> Iterator[str]:
        """The route's address for each of the records."""
        arguments = sorted(route.rule.arguments)
        ids = self.ids(service)
        for number, chosen in enumerate(product(ids, repeat=len(arguments))):
            if number >= max(COMBINATIONS, len(ids)):
                return
            yield route.path(**dict(zip(arguments, chosen, strict=True)))
