"""Accounts on PostgreSQL, where people really do things at the same time."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import TypeVar

import pytest
from sqlalchemy import func, select

from services.registration.commands.accounts import ChangeRoles, OpenStaffAccount, change_roles, open_staff_account
from services.registration.commands.passwords import RequestReset, ResetPassword
from services.registration.models import Account, AccountRole, Base
from shared.database.base import SharedBase
from shared.database.unit import Database
from shared.errors import Conflict, Forbidden, Refusal
from shared.security.actor import SYSTEM, Actor
from shared.security.keys import create_keys
from shared.security.roles import Role
from shared.settings import settings
from tests.unit.registration.people import (
    PASSWORD,
    applicant,
    open_missing_accounts,
    request_password_reset,
    reset_password,
    staff,
    told,
    told_link,
)

T = TypeVar("T")


@pytest.fixture
def database(postgres_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("KOMPETEN_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    create_keys(tmp_path / "keys")
    database = Database("registration", postgres_database)
    SharedBase.metadata.create_all(database.engine)
    Base.metadata.create_all(database.engine)
    yield database
    database.close()
    settings.cache_clear()


def at_once(*deeds: Callable[[], T]) -> list[T | Refusal]:
    """What each deed gave, or the refusal it met with; all begin together."""
    start = Barrier(len(deeds))

    def one(deed: Callable[[], T]) -> T | Refusal:
        start.wait(10)
        try:
            return deed()
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(one, deeds))


def demote(database: Database, actor: Actor, other: Actor) -> None:
    with database.unit_of_work() as session:
        change_roles(session, actor, other.id, ChangeRoles(roles=[Role.AUDITOR]))


def test_two_administrators_cannot_remove_each_other_at_once(database: Database) -> None:
    for turn in range(5):
        with database.unit_of_work() as session:
            pair = [staff(session, Role.ADMINISTRATOR, email=f"admin{turn}{side}@contoh.test").actor for side in "ab"]

        results = at_once(partial(demote, database, pair[0], pair[1]), partial(demote, database, pair[1], pair[0]))
        assert [type(result) for result in results].count(Forbidden) == 1, "the later one is no administrator any more"
        with database.unit_of_work() as session:
            administrators = select(func.count()).where(AccountRole.role == Role.ADMINISTRATOR)
            assert session.scalar(administrators) == 1
            for row in session.scalars(select(AccountRole).where(AccountRole.role == Role.ADMINISTRATOR)):
                session.delete(row)


def test_one_person_gets_one_account_as_staff_where_there_is_no_administrator_yet(database: Database) -> None:
    """The operator's commands: no row of an administrator is there whose lock they would wait for."""

    def create(turn: int, number: int) -> None:
        nik = f"327301010190000{turn}"
        wanted = OpenStaffAccount(name="Staf", email=f"staf{turn}{number}@contoh.test", roles=[Role.ASSESSOR], nik=nik)
        with database.unit_of_work() as session:
            open_staff_account(session, SYSTEM, wanted)

    for turn in range(1, 5):
        results = at_once(*[partial(create, turn, number) for number in range(4)])
        assert sorted(getattr(result, "code", "opened") for result in results) == [
            "opened",
            *["person-has-account"] * 3,
        ]


def test_an_address_asked_for_by_many_at_once_becomes_one_account(database: Database) -> None:
    def register() -> None:
        with database.unit_of_work() as session:
            applicant(session)

    results = at_once(*[register] * 6)
    assert [type(result) for result in results].count(Conflict) == 5
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Account)) == 1
        assert len(told(session, "account_opened")) == 1


def test_a_mailed_link_used_by_many_at_once_works_once(database: Database) -> None:
    with database.unit_of_work() as session:
        account = applicant(session)
        request_password_reset(session, RequestReset(email=account.email))
    with database.reading() as session:
        key = told_link(session).partition("key=")[2]

    def use(number: int) -> int:
        with database.unit_of_work() as session:
            reset_password(session, ResetPassword(key=key, new=f"lima kata acak nomor {number}"))
        return number

    results = at_once(*[partial(use, number) for number in range(6)])
    assert [type(result) for result in results].count(int) == 1


def test_replicas_that_start_at_once_make_the_demo_accounts_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOMPETEN_TRIAL", "true")
    monkeypatch.setenv("KOMPETEN_DEMO_PASSWORD", PASSWORD)
    settings.cache_clear()

    def start() -> int:
        with database.unit_of_work() as session:
            return len(open_missing_accounts(session))

    made = at_once(*[start] * 3)
    assert sum(count for count in made if isinstance(count, int)) == 16
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Account)) == 16
