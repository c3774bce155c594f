from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from kompeten.commands.accounts import accounts
from kompeten.schema import migrate_database
from services.registration.models import Account
from shared.database import opened
from shared.database.unit import Database
from shared.security.roles import Role

PERSON = ["create", "--email", "admin@contoh.test", "--name", "Administrator (contoh)", "--role", "administrator"]


@pytest.fixture
def registration(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    database = Database("registration")
    monkeypatch.setattr(opened, "_databases", {"registration": database})
    migrate_database(database)
    yield database
    database.close()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(accounts, arguments)


def test_an_operator_opens_an_account(registration: Database, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("empat kata acak lucu\n")
    result = run(*PERSON, "--password-file", str(tmp_path / "password"))
    assert result.exit_code == 0, result.output
    assert "admin@contoh.test administrator" in result.output
    with registration.reading() as session:
        assert session.scalars(select(Account)).one().roles == {Role.ADMINISTRATOR}


def test_an_account_that_cannot_be_opened_says_why(registration: Database, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("pendek")
    weak = run(*PERSON, "--password-file", str(tmp_path / "password"))
    assert weak.exit_code == 1
    assert "10 karakter" in weak.output
    nameless = run("create", "--email", "a@contoh.test", "--name", "", "--role", "auditor")
    assert nameless.exit_code == 1
    assert "name:" in nameless.output
    with registration.reading() as session:
        assert session.scalars(select(Account)).all() == []
