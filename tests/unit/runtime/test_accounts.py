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


def read_accounts(database: Database) -> list[Account]:
    with database.reading() as session:
        return list(session.scalars(select(Account)))


def test_an_operator_opens_an_account_without_a_password(registration: Database) -> None:
    result = run(*PERSON)
    assert result.exit_code == 0, result.output
    assert "admin@contoh.test administrator" in result.output
    (account,) = read_accounts(registration)
    assert account.roles == {Role.ADMINISTRATOR}
    assert account.password_hash is None


def test_a_link_is_printed_for_who_gets_no_mail(registration: Database) -> None:
    run(*PERSON)
    first, second = run("invite", "admin@contoh.test"), run("invite", "admin@contoh.test")
    assert first.exit_code == second.exit_code == 0, first.output
    assert first.output != second.output
    assert "/registration/" in second.output


def test_a_lone_administrator_is_renamed_by_the_operator(registration: Database) -> None:
    run(*PERSON)
    renamed = run("rename", "--email", "admin@contoh.test", "--name", "Nama Baru (contoh)")
    assert renamed.exit_code == 0, renamed.output
    assert [account.name for account in read_accounts(registration)] == ["Nama Baru (contoh)"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["create", "--email", "a@contoh.test", "--name", "", "--role", "auditor"], "name:"),
        (["create", "--email", "surel", "--name", "A", "--role", "auditor"], "alamat surel"),
        (["invite", "nobody@contoh.test"], "Akun"),
        (["rename", "--email", "nobody@contoh.test", "--name", "A"], "Akun"),
    ],
)
def test_what_cannot_be_done_says_why_and_changes_nothing(
    registration: Database, arguments: list[str], said: str
) -> None:
    result = run(*arguments)
    assert result.exit_code == 1
    assert said in result.output
    assert read_accounts(registration) == []
