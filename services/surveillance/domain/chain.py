"""One person's certificates in the order they followed each other (domain handbook 7)."""

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar


class Link(Protocol):
    """A certificate as a chain needs it: its number, and that of the one it renews."""

    @property
    def number(self) -> str: ...
    @property
    def renews(self) -> str | None: ...


L = TypeVar("L", bound=Link)


def join_chains(certificates: Iterable[L]) -> list[Sequence[L]]:
    """The certificates joined into chains, each from its first to its newest.

    One that renews a certificate not among them begins a chain of its own; links that run in a circle, which no issuing
    can make, are cut where they would come round again.
    """
    known = {certificate.number: certificate for certificate in certificates}
    follows: dict[str, list[str]] = {}
    for certificate in known.values():
        if certificate.renews in known:
            follows.setdefault(certificate.renews, []).append(certificate.number)
    first = [number for number, certificate in known.items() if certificate.renews not in known]
    found: list[Sequence[L]] = []
    seen: set[str] = set()
    for start in (*first, *known):  # `known` again: the members of a circle have no first one
        chain = _walk(start, follows, seen)
        if chain:
            found.append([known[number] for number in chain])
    return found


def _walk(start: str, follows: dict[str, list[str]], seen: set[str]) -> list[str]:
    """The numbers from `start` on, breadth first, without those in `seen`; adds what it finds to `seen`."""
    chain: list[str] = []
    waiting = [start]
    while waiting:
        number = waiting.pop(0)
        if number not in seen:
            seen.add(number)
            chain.append(number)
            waiting.extend(sorted(follows.get(number, [])))
    return chain
