"""Systems that are equal but for what is done in them: played step by step, kept as folders, opened again.

Every step has its name: its time and all chance in it (identifiers, keys, nonces) follow from the name alone. Two
systems that do the same step do it at the same time and give the same identifiers, whatever else was done in one.
"""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
import pytest
from sqlalchemy import Uuid, func, select

from kompeten.demo.cast import Cast
from kompeten.demo.client import Client
from kompeten.services import find_service
from services.certificate.making import readiness
from shared.mail import system_mailer
from shared.messaging.models import OutboxRow
from shared.objectstore import object_store
from shared.settings import settings
from tests.clock import stopped_at
from tests.security.body import Body, Service

STEPS = (
    *("cast", "accounts", "neighbour", "file", "other file", "assign", "block", "declare", "assess", "assess BK"),
    *("meeting", "decide", "certificate", "appeal", "other appeal", "panel", "conclude", "reassign", "reassess"),
    "look",
)
"""Every step there is, in the order of their times."""
APART = timedelta(seconds=5)


@dataclass
class World:
    """One system, open: whoever holds `http` talks to it."""

    start: datetime
    body: Body | None = None
    cast: Cast | None = None
    found: dict[str, Any] = field(default_factory=dict)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """WSGI: the system that is open now answers."""
        assert self.body is not None
        return self.body(environ, start_response)

    def client(self) -> Client:
        """Nobody, at whichever system is open."""
        return Client("http://contoh.test", http=httpx.Client(transport=httpx.WSGITransport(app=self)))

    @property
    def people(self) -> Cast:
        assert self.cast is not None
        return self.cast

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Do what a step does at its time and with its chance."""
        with stopped_at(self.start + STEPS.index(name) * APART), drawn_by(name):
            yield


@contextmanager
def drawn_by(name: str) -> Iterator[None]:
    """All chance in this process comes from `name` as long as this lasts."""
    numbers = count()

    def draw(size: int) -> bytes:
        blocks = b"".join(sha256(f"{name} {next(numbers)}".encode()).digest() for _ in range(size // 32 + 1))
        return blocks[:size]

    with patch.object(os, "urandom", draw), patch("random._urandom", draw):
        yield


class Worlds:
    """The systems of one test module by their names, each grown out of an earlier one."""

    def __init__(self, root: Path, world: World) -> None:
        self.root = root
        self.world = world
        self.kept: dict[str, dict[str, Any]] = {}
        self.keys: dict[str, dict[str, list[str]]] = {}

    def grow(self, name: str, after: str, steps: Iterable[Callable[[World], None]]) -> None:
        """Do `steps` in a copy of the system `after`, and keep what came of it as `name`."""
        shutil.rmtree(self.root / name, ignore_errors=True)  # half of one, where a step failed
        shutil.copytree(self.root / after, self.root / name)
        with self._opened(name, dict(self.kept.get(after, {}))) as world:
            for step in steps:
                step(world)
            assert world.body is not None
            self.keys[name] = {each: _list_keys(service) for each, service in world.body.services.items()}
            self.kept[name] = world.found

    @contextmanager
    def visited(self, name: str) -> Iterator[World]:
        """A copy of the system, to look around in: what is looked at leaves its entries, and stays as it was."""
        copy = self.root / f"{name} visited"
        shutil.copytree(self.root / name, copy)
        try:
            with self._opened(copy.name, dict(self.kept[name])) as world:
                yield world
        finally:
            shutil.rmtree(copy)

    def hidden_ids(self, names: tuple[str, ...], before: str) -> dict[str, list[str]]:
        """Keys of every service that some of these systems have and `before` has not."""
        known = self.keys[before]
        found: dict[str, dict[str, None]] = {service: {} for service in known}
        for name in names:
            for service, ids in self.keys[name].items():
                found[service] |= dict.fromkeys(one for one in ids if one not in set(known[service]))
        return {service: sorted(ids) for service, ids in found.items()}

    @contextmanager
    def _opened(self, name: str, found: dict[str, Any]) -> Iterator[World]:
        with pytest.MonkeyPatch.context() as patched, stopped_at(self.world.start):
            patched.setenv("KOMPETEN_DATA_DIR", str(self.root / name))
            patched.setenv("KOMPETEN_TRIAL", "true")
            patched.setenv("KOMPETEN_TOKEN_MINUTES", "60")
            # SQLite asks the machine what time it is, and that goes on; issuing would rightly refuse
            patched.setattr(readiness, "_clock", lambda _database: ())
            forget_settings()
            self.world.body, self.world.found = open_body(), found
            try:
                yield self.world
            finally:
                self.world.body.close()
                self.world.body = None
        forget_settings()


def open_body() -> Body:
    """The system of the folder that is set; what it told before is told."""
    body = Body()
    for service in body.services.values():
        with service.database.reading() as session:
            service.told_up_to = session.scalar(select(func.max(OutboxRow.position))) or 0
    return body


def forget_settings() -> None:
    settings.cache_clear()
    object_store.cache_clear()
    system_mailer.cache_clear()


def _list_keys(service: Service) -> list[str]:
    """Keys of what the service keeps records of; its post and its logs aside."""
    found: list[str] = []
    tables = find_service(service.name).metadata.sorted_tables
    with service.database.reading() as session:
        for column in (column for table in tables for column in table.primary_key if isinstance(column.type, Uuid)):
            found += [str(one) for one in session.scalars(select(column))]
    return list(dict.fromkeys(found))
