"""Signing in beside what ends sessions, and many tries at once: one after the other, on PostgreSQL."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from services.registration.commands.accounts import deactivate_account
from services.registration.commands.passwords import (
    NewPassword,
    RequestReset,
    change_password,
    load_owner,
    reset_password,
)
from services.registration.commands.sessions import (
    Credentials,
    Tried,
    end_sign_ins,
    hash_secret,
    load_password_to_try,
    open_browser_session,
    sign_in_account,
    try_password,
)
from services.registration.commands.tries import Visitor
from services.registration.models import Account, Base, BrowserSession
from services.registration.service import service
from shared.database.base import SharedBase
from shared.database.unit import Database
from shared.errors import Conflict, NotFound, TooMany
from shared.security.actor import SYSTEM
from shared.security.keys import create_keys
from shared.security.roles import Role
from shared.settings import settings
from tests.unit.registration.people import applicant, request_password_reset, staff, told, told_link

ADDRESS = "siti@contoh.test"
VISITOR = Visitor("here")
HASTE_SECONDS = 0.7
"""Longer than an act takes that waits for nobody."""
End = Callable[[Session, Account], object]


@pytest.fixture
def database(postgres_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("KOMPETEN_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    create_keys(tmp_path / "keys")
    database = Database("registration", postgres_database)
    SharedBase.metadata.create_all(database.engine)
    Base.metadata.create_all(database.engine)
    with database.unit_of_work() as session:
        applicant(session, ADDRESS)
        request_password_reset(session, RequestReset(email=ADDRESS))
    yield database
    database.close()
    settings.cache_clear()


def replacement(session: Session, account_id: UUID) -> NewPassword:
    return NewPassword(account_id, "another hash", load_owner(session, account_id).password_hash)


def change(session: Session, account: Account) -> None:
    change_password(session, account.actor, replacement(session, account.id))


def reset(session: Session, account: Account) -> None:
    key = told_link(session).partition("key=")[2]
    reset_password(session, key, replacement(session, account.id))


def deactivate(session: Session, account: Account) -> None:
    deactivate_account(session, SYSTEM, account.id)


def end_all(session: Session, account: Account) -> None:
    end_sign_ins(session, account)


def tried(database: Database, email: str = ADDRESS, *, fits: bool = True) -> Tried:
    """A password compared a moment ago."""
    with database.reading() as session:
        return replace(load_password_to_try(session, email, VISITOR), fits=fits)


def sign_in(session: Session, given: Tried) -> str | None:
    """The secret of the session opened."""
    account = sign_in_account(session, given)
    return open_browser_session(session, account).secret if account else None


def end(database: Database, how: End) -> None:
    with database.unit_of_work() as session:
        how(session, session.scalars(select(Account).where(Account.email == ADDRESS)).one())


def is_ended(database: Database, secret: str) -> bool:
    with database.reading() as session:
        which = BrowserSession.secret_hash == hash_secret(secret)
        return session.scalars(select(BrowserSession).where(which)).one().ended_at is not None


@pytest.mark.parametrize("how", [change, reset, deactivate, end_all])
def test_a_session_being_opened_does_not_survive_what_ends_sessions(database: Database, how: End) -> None:
    """This failure mode means a thief who is still signed in after the owner has changed the password."""
    given = tried(database)
    with ThreadPoolExecutor(1) as pool:
        with database.unit_of_work() as session:
            secret = sign_in(session, given)
            ending: Future[None] = pool.submit(end, database, how)
            wait_for([ending], HASTE_SECONDS)
        ending.result(15)
    assert secret is not None
    assert is_ended(database, secret)


@pytest.mark.parametrize("how", [change, reset, deactivate])
def test_nobody_signs_in_with_what_is_being_changed(database: Database, how: End) -> None:
    given = tried(database)

    def come() -> str | None:
        with database.unit_of_work() as session:
            return sign_in(session, given)

    with ThreadPoolExecutor(1) as pool:
        with database.unit_of_work() as session:
            how(session, session.scalars(select(Account)).one())
            session.flush()
            coming = pool.submit(come)
            wait_for([coming], HASTE_SECONDS)
        assert coming.result(15) is None


@pytest.mark.parametrize("email", [ADDRESS, "nobody@contoh.test"])
def test_wrong_tries_at_the_same_moment_are_all_counted(database: Database, email: str) -> None:
    """This failure mode means a guesser who gets more tries by making them at once; known and unknown look alike."""
    together = Barrier(8, timeout=20)

    def guess(_: int) -> list[bool]:
        return [refused() for _ in range(3)]

    def refused() -> bool:
        together.wait()
        try:
            try_password(database, Credentials(email=email, password="wrong password"), VISITOR)
        except TooMany:
            return True
        return False

    with ThreadPoolExecutor(8) as pool:
        outcomes = [outcome for outcomes in pool.map(guess, range(8)) for outcome in outcomes]
    assert outcomes.count(False) == settings().login_tries


@pytest.mark.parametrize("path", ["/registration/api/tokens"])
def test_a_wrong_password_and_an_unknown_address_are_the_same_work(database: Database, path: str) -> None:
    """This failure mode means a stranger who learns by the time it takes who has an account."""
    client: Any = service.make_application(database).test_client()

    def count_work(email: str) -> tuple[list[str], int]:
        statements: list[str] = []
        listen = partial(_note_statement, statements)
        event.listen(database.engine, "before_cursor_execute", listen)
        try:
            status = client.post(path, json={"email": email, "password": "wrong password"}).status_code
        finally:
            event.remove(database.engine, "before_cursor_execute", listen)
        return statements, status

    count_work(ADDRESS)
    assert count_work(ADDRESS) == count_work("nobody@contoh.test")


def _note_statement(into: list[str], _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
    into.append(statement)


def test_links_asked_for_at_the_same_moment_are_all_counted(database: Database) -> None:
    together = Barrier(6, timeout=20)

    def ask(_: int) -> None:
        together.wait()
        with database.unit_of_work() as session:
            request_password_reset(session, RequestReset(email=ADDRESS))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(ask, range(6)))
    with database.reading() as session:
        assert len(told(session, "password_reset_requested")) == 3


def test_administrators_who_deactivate_each_other_do_not_wait_in_a_ring(database: Database) -> None:
    for turn in range(3):
        with database.unit_of_work() as session:
            pair = [staff(session, Role.ADMINISTRATOR, email=f"admin{turn}{side}@contoh.test").id for side in "ab"]
        together = Barrier(2, timeout=20)

        def remove(account_id: UUID, together: Barrier) -> str:
            together.wait()
            try:
                with database.unit_of_work() as session:
                    deactivate_account(session, session.get_one(Account, account_id).actor, account_id)
            except (Conflict, NotFound) as refusal:
                return refusal.code
            return "done"

        with ThreadPoolExecutor(2) as pool:
            outcomes = list(pool.map(partial(remove, together=together), pair))
        assert outcomes.count("done") == 1
        with database.unit_of_work() as session:
            for account in session.scalars(select(Account).where(Account.email.like("admin%"))):
                account.state = "deactivated"
