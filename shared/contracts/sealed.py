"""Fields of facts that one service alone may read: secrets, and data of special categories (UU 27/2022 4).

On the wire, in the outbox and in every dump such a field is `sealed:<key id>.<base64>`. Who tells seals it, who reads
opens it (`shared/security/sealing.py`); nothing else is told (`find_unsealed`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import GetJsonSchemaHandler
from pydantic_core import CoreSchema

from shared.contracts.envelope import Fact

PREFIX = "sealed:"


@dataclass(frozen=True, slots=True)
class SealedFor:
    """Marks a text of a fact: `link: Annotated[str, SealedFor("notification")]`."""

    reader: str

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "description": f"encrypted for {self.reader} alone: sealed:<key id>.<base64>"}


@cache
def list_sealed_fields(kind: type[Fact]) -> Mapping[str, str]:
    """The sealed fields of a kind of fact, each with the service that may read it."""
    return {
        name: mark.reader
        for name, info in kind.model_fields.items()
        for mark in info.metadata
        if isinstance(mark, SealedFor)
    }


@cache
def sealed_kinds() -> Mapping[str, type[Fact]]:
    """The kinds of facts with sealed fields, by type."""
    return {kind.type: kind for kind in Fact.all() if list_sealed_fields(kind)}


def find_unsealed(fact: Fact) -> Iterator[str]:
    """Each field of `fact` that ought to be sealed and is not."""
    for name in list_sealed_fields(type(fact)):
        if not str(getattr(fact, name)).startswith(PREFIX):
            yield f"{name}: not sealed"
