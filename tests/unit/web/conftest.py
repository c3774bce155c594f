"""A tiny service, and people of any role to ask it things."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from shared.database.base import SharedBase
from shared.database.unit import Database
from shared.security import keys, tokens
from shared.security.actor import Actor
from shared.security.roles import Role
from shared.settings import settings
from shared.web import App
from tests.unit.web.tiny import Base, make_app

Person = Callable[..., Actor]


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("KOMPETEN_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    keys.create_keys(tmp_path / "keys")
    yield
    settings.cache_clear()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database("tiny", f"sqlite:///{tmp_path / 'tiny.sqlite3'}")
    Base.metadata.create_all(database.engine)
    SharedBase.metadata.create_all(database.engine)
    yield database
    database.close()


@pytest.fixture
def app(database: Database) -> App:
    return make_app(database)


@pytest.fixture
def client(app: App) -> FlaskClient:
    return app.test_client()


def person(*roles: Role) -> Actor:
    return Actor(uuid4(), "SITI CONTOH", "siti@contoh.test", frozenset(roles or {Role.APPLICANT}))


def bearer(actor: Actor, language: str = "id") -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens.issue_token(actor, language).value}"}


def sign_in(client: FlaskClient, actor: Actor, language: str = "id") -> str:
    """Give the browser the cookie; returns the value its forms must repeat."""
    token = tokens.issue_token(actor, language)
    client.set_cookie("kompeten_token", token.value)
    return token.csrf
