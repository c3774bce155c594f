"""The person, or the system itself, on whose behalf something is done."""

from dataclasses import dataclass
from uuid import UUID

from shared.security.roles import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: id, name and address of the account, and the roles it held when its token was issued."""

    id: UUID
    name: str
    email: str
    roles: frozenset[Role]

    def has(self, *roles: Role) -> bool:
        """Whether the actor holds at least one of `roles`."""
        return not self.roles.isdisjoint(roles)


SYSTEM = Actor(UUID(int=0), "Sistem", "", frozenset())
"""Timers and reactions act as the system; the audit log says so."""
