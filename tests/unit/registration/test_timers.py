from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Select, func, select, text
from sqlalchemy.dialects import sqlite

from services.registration.commands.sessions import open_browser_session
from services.registration.models import Account, BrowserSession, DeviceLink, PasswordReset
from services.registration.timers import open_first_accounts, timers
from shared.clock import real_now
from shared.database.retention import Retention, sweep_all, sweep_step
from shared.database.unit import Database
from shared.settings import settings
from tests.unit.registration.people import applicant


def test_a_new_system_gets_its_first_accounts_once(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOMPETEN_ADMIN_EMAIL", "kepala@contoh.test")
    monkeypatch.setenv("KOMPETEN_TRIAL", "true")
    monkeypatch.setenv("KOMPETEN_DEMO_PASSWORD", "empat kata acak lucu")
    settings.cache_clear()
    open_first_accounts(database)
    with database.reading() as session:
        first = session.scalar(select(func.count()).select_from(Account))
        assert session.scalar(select(Account.id).where(Account.email == "kepala@contoh.test"))
    open_first_accounts(database)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Account)) == first


def test_a_system_told_nothing_gets_no_accounts(database: Database) -> None:
    open_first_accounts(database)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Account)) == 0


def test_what_has_long_been_over_is_forgotten_in_steps_and_the_rest_is_kept(database: Database) -> None:
    def add(*ages: timedelta) -> None:
        with database.unit_of_work() as session:
            account = session.scalar(select(Account)) or applicant(session)
            for age in ages:
                then = real_now() - age
                opened = open_browser_session(session, account)
                opened.session.expires_at = then
                session.add(PasswordReset(account=account, secret_hash=opened.secret, expires_at=then))
                session.add(DeviceLink(account=account, secret_hash=opened.secret, expires_at=then))

    def left() -> list[int | None]:
        with database.reading() as session:
            kinds = (BrowserSession, PasswordReset, DeviceLink)
            return [session.scalar(select(func.count()).select_from(kind)) for kind in kinds]

    add(*[timedelta(days=31)] * 5, timedelta(days=2), timedelta(hours=1))
    assert [sweep_step(database, retention, 2) for retention in timers.retentions] == [2, 2, 0, 2]
    sweep_all(database, timers.retentions)
    assert left() == [2, 2, 2]


@pytest.mark.parametrize("retention", timers.retentions, ids=lambda retention: retention.name)
def test_an_index_leads_to_what_is_swept(database: Database, retention: Retention) -> None:
    over = select(retention.model.id).where(retention.is_over(real_now())).limit(10)
    with database.reading() as session:
        plan = session.execute(text(f"EXPLAIN QUERY PLAN {_literal(over)}")).all()
    assert "USING" in str(plan)
    assert "INDEX" in str(plan)


def _literal(statement: Select[Any]) -> str:
    return str(statement.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))
