"""The demo played again on a system that was tried out for long."""

from typing import Any

from kompeten.demo.cast import find_or_make_centre
from kompeten.demo.client import Client


class Head(Client):
    """Somebody whose system has more centres than a page holds, the demo's among the last."""

    def __init__(self) -> None:
        self.names = [f"TUK {number:04d}" for number in range(2_000)] + ["TUK Contoh"]

    def get(self, path: str, **query: Any) -> Any:
        found = [name for name in self.names if query.get("q", "") in name][: query["size"]]
        return {"items": [{"name": name, "id": f"id-{name}"} for name in found]}

    def post(self, path: str, body: Any = None, **more: Any) -> Any:
        raise AssertionError(f"made again: {path}")


def test_the_demo_finds_its_centre_among_many() -> None:
    """This failure mode means that the demo ends at once with 409 centre-name-taken."""
    assert find_or_make_centre(Head(), "2036-01-01") == "id-TUK Contoh"
