"""Hundreds sign in at once: passwords are compared without a connection, and no more at once than processors."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from services.registration.commands.sessions import hash_secret
from services.registration.models import Base, PendingRegistration
from services.registration.service import service
from shared.clock import real_now
from shared.database.base import SharedBase
from shared.database.unit import Database
from shared.runtime.offload import offload
from shared.security import keys, passwords
from shared.settings import settings
from tests.unit.registration.browser import sign_in
from tests.unit.registration.people import PASSWORD, applicant

STORM = 24
"""More than twice the pool."""
CREDENTIALS = {"email": "siti@contoh.test", "password": PASSWORD}
PATHS: dict[str, dict[str, str]] = {
    "/registration/api/tokens": CREDENTIALS,
    "/registration/api/register/confirmation": {"new": PASSWORD},
}


@pytest.fixture
def database(postgres_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("KOMPETEN_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("KOMPETEN_LOGIN_TRIES", "1000")
    settings.cache_clear()
    keys.create_keys(tmp_path / "keys")
    database = Database("registration", postgres_database)
    for metadata in (Base.metadata, SharedBase.metadata):
        metadata.create_all(database.engine)
    with database.unit_of_work() as session:
        applicant(session)
        session.add_all(waiting_registration(number) for number in range(STORM))
    yield database
    database.close()
    settings.cache_clear()


def waiting_registration(number: int) -> PendingRegistration:
    """Somebody whose mailed link has the key `key <number>`."""
    return PendingRegistration(
        id=uuid4(),
        email_index=f"budi {number}",
        email=f"budi{number}@contoh.test",
        name="Budi (contoh)",
        language="id",
        secret_hash=hash_secret(f"key {number}"),
        expires_at=real_now() + timedelta(hours=1),
    )


def storm(database: Database, path: str) -> list[int]:
    """`STORM` requests at once, each from an address of its own."""
    app: Any = service.make_application(database)

    def ask(number: int) -> int:
        body = PATHS[path] if "email" in PATHS[path] else {**PATHS[path], "key": f"key {number}"}
        address = {"REMOTE_ADDR": f"192.0.2.{number}"}
        return int(app.test_client().post(path, json=body, environ_base=address).status_code)

    with ThreadPoolExecutor(STORM) as threads:
        return list(threads.map(ask, range(STORM)))


@pytest.mark.parametrize("path", PATHS)
def test_no_connection_is_held_while_passwords_are_hashed(
    database: Database, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This failure mode means a storm of sign-ins that takes every connection for as long as it hashes."""
    everybody, held = threading.Barrier(STORM, timeout=30), []
    compute = offload

    def hashing(*args: Any, **kwargs: Any) -> Any:
        everybody.wait()  # all of them are here at once, which a pool of ten would not allow
        held.append(database.engine.pool.checkedout())  # type: ignore[attr-defined]
        everybody.wait()
        return compute(*args, **kwargs)

    for lane in ("_turns", "_strangers"):
        monkeypatch.setattr(passwords, lane, threading.BoundedSemaphore(STORM))
    monkeypatch.setattr(passwords, "offload", hashing)
    assert storm(database, path) == [201] * STORM
    assert held == [0] * STORM


def test_no_more_are_hashed_at_once_than_there_are_processors(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock, now, most = threading.Lock(), [0], [0]
    compute = offload

    def hashing(*args: Any, **kwargs: Any) -> Any:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        try:
            return compute(*args, **kwargs)
        finally:
            with lock:
                now[0] -= 1

    monkeypatch.setattr(passwords, "offload", hashing)
    assert storm(database, "/registration/api/tokens") == [201] * STORM
    assert most[0] <= passwords.HASHES_AT_ONCE


def test_who_gets_no_turn_is_told_to_come_back(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_turns", threading.BoundedSemaphore(1))
    monkeypatch.setattr(passwords, "PATIENCE_SECONDS", 0.1)
    with passwords._turns:
        answer = service.make_application(database).test_client().post("/registration/api/tokens", json=CREDENTIALS)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]


def test_a_storm_of_strangers_keeps_no_known_browser_waiting(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Strangers have taken every turn of theirs and every place to wait in, and none of them comes to an end."""
    client = service.make_application(database).test_client()
    assert sign_in(client, CREDENTIALS["email"]).status_code == 303
    monkeypatch.setattr(passwords, "_turns", threading.BoundedSemaphore(2))
    monkeypatch.setattr(passwords, "_strangers", threading.BoundedSemaphore(1))
    monkeypatch.setattr(passwords, "_places", threading.BoundedSemaphore(1))
    stranger = service.make_application(database).test_client()
    with passwords._turns, passwords._strangers, passwords._places:
        refused = stranger.post("/registration/api/tokens", json=CREDENTIALS)
        assert (refused.status_code, refused.headers["Retry-After"] != "") == (503, True)
        for cookie in ("kompeten_token", "kompeten_csrf"):
            client.delete_cookie(cookie)
        assert client.post("/registration/api/tokens", json=CREDENTIALS).status_code == 201


def test_a_password_changed_while_the_old_one_was_compared_lets_nobody_in(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    compute = offload

    def hashing(*args: Any, **kwargs: Any) -> Any:
        with database.unit_of_work() as session:
            session.execute(text("UPDATE accounts SET password_hash = 'changed'"))
        return compute(*args, **kwargs)

    monkeypatch.setattr(passwords, "offload", hashing)
    answer = service.make_application(database).test_client().post("/registration/api/tokens", json=CREDENTIALS)
    assert answer.status_code == 401
