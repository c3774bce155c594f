"""The systems that are compared: each grown once for all modules, out of the one before it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from services.registration import photo_making
from shared.runtime.confinement import Confinement
from shared.security.passwords import password_fits
from tests.worlds import script
from tests.worlds.crawl import Journey, Visitor, crawl
from tests.worlds.differences import compare
from tests.worlds.world import World, Worlds, forget_settings

GROWN: tuple[tuple[str, str, tuple[Callable[[World], None], ...]], ...] = (
    ("absent", "nothing", (script.found_body,)),
    ("filed", "absent", (script.file_case,)),
    ("filed otherwise", "absent", (script.file_another,)),
    ("assigned", "filed", (script.assign,)),
    ("assigned otherwise", "filed otherwise", (script.assign,)),
    ("blocked", "assigned", (script.declare_family,)),
    ("blocked otherwise", "assigned otherwise", (script.declare_family,)),
    ("prepared", "filed", (script.prepare,)),
    ("recused, towards K", "prepared", (script.recuse_before_competent,)),
    ("recused, towards BK", "prepared", (script.recuse_before_not_yet,)),
    ("K", "prepared", (script.decide_competent, script.certify)),
    ("BK", "prepared", (script.decide_not_yet,)),
    ("appealed", "BK", (script.appeal,)),
    ("appealed otherwise", "BK", (script.appeal_otherwise,)),
    ("re-assessed on appeal", "appealed", (script.uphold, script.reassign)),
    ("re-assessed without appeal", "BK", (script.order_without_appeal, script.reassign)),
    ("recommended on appeal", "appealed", (script.uphold, script.reassess)),
    ("recommended without appeal", "BK", (script.order_without_appeal, script.reassess)),
)
"""Name, out of which, and what is done in it."""

OUTCOMES = ("filed", "BK", "appealed")
"""What may have become of a case, for whoever has nothing to do with it."""

Planted = Callable[[World], None]


class Grown:
    """The systems, and what people see in them."""

    def __init__(self, worlds: Worlds) -> None:
        self.worlds = worlds
        self._plans = {name: (after, steps) for name, after, steps in GROWN}

    def have(self, name: str) -> None:
        """Grow the system unless it is there, and what it grows out of."""
        if name in self.worlds.kept or name == "nothing":
            return
        after, steps = self._plans[name]
        self.have(after)
        self.worlds.grow(name, after, steps)

    def differences(self, who: str, *names: str, parts: str = "", planted: Planted | None = None) -> list[str]:
        """What `who` is answered differently in these systems, each compared with the first.

        Of all routes, or those whose rules have `parts` in them; with a leak `planted` in each system.
        """
        for name in names:
            self.have(name)
        keys = self.worlds.hidden_ids(names, "absent")
        journeys = {name: self._crawl(name, who, keys, parts, planted) for name in names}
        one, first = next(iter(journeys.items()))
        return [line for name in names[1:] for line in compare(one, first, name, journeys[name])]

    def _crawl(self, name: str, who: str, keys: dict[str, list[str]], parts: str, planted: Planted | None) -> Journey:
        with self.worlds.visited(name) as world:
            if planted is not None:
                planted(world)
            visitor, token = _introduce(world, who)
            words = (script.HIDDEN.name.split()[0], script.HIDDEN.nik)
            return crawl(world, visitor, token, keys, words, parts)


def _introduce(world: World, who: str) -> tuple[Visitor, str]:
    if who == "anonymous":
        return Visitor(who), ""
    if who == "agency":
        assert world.body is not None
        with world.step("look"):
            return Visitor(who), world.body.feed_key
    if who == "neighbour":
        return Visitor(who, script.NEIGHBOUR.email), world.found["neighbour"]._token
    return Visitor(who, f"{who}@contoh.test"), world.people[who]._token


@pytest.fixture(scope="session")
def grown(tmp_path_factory: pytest.TempPathFactory, service_keys: object) -> Iterator[Grown]:
    root = tmp_path_factory.mktemp("worlds")
    (root / "nothing").mkdir()
    password_fits(None, "")  # a process hashes a password of nobody once, which would draw in the first system only
    script.make_keys(root / "nothing")
    with pytest.MonkeyPatch.context() as patched:
        # a machine that does much else draws a photo too slowly for people, and that is not what is asked here
        patched.setattr(photo_making, "MAKERS", Confinement(seconds=60, memory_mb=320))
        yield Grown(Worlds(root, World(datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5))))
    forget_settings()
