"""What the rules ask of the involvement record: pure values, no database."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from shared.contracts.words import Involvement

OF_THE_PERSON = (Involvement.TIED, Involvement.TRAINED)
"""Parts that count in every case of the candidate: a family stays one."""


@dataclass(frozen=True, slots=True)
class InvolvementRecord:
    """Who was ever involved in one case, by part."""

    people: Mapping[Involvement, frozenset[UUID]]

    def list_people(self, *parts: Involvement) -> frozenset[UUID]:
        """Everybody with one of these parts."""
        return frozenset().union(*(self.people.get(part, frozenset()) for part in parts))


NOBODY = InvolvementRecord({})
"""The record of a case that nobody has touched yet."""
