from pathlib import Path

import pytest
from sqlalchemy import func, select

from services.registration.models import Account
from services.registration.timers import open_first_accounts
from shared.database.unit import Database
from shared.settings import settings


def test_a_new_system_gets_its_first_accounts_once(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "admin"
    secret.write_text("empat kata acak lucu")
    monkeypatch.setenv("KOMPETEN_ADMIN_EMAIL", "kepala@contoh.test")
    monkeypatch.setenv("KOMPETEN_ADMIN_PASSWORD_FILE", str(secret))
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
