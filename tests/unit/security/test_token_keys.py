"""A new pair of token keys while people are signed in: nothing is started anew, nobody is signed out."""

import uuid
from pathlib import Path

import pytest
from click.testing import CliRunner

from kompeten.commands import kompeten
from shared.errors import NotSignedIn
from shared.security.actor import Actor
from shared.security.key_files import KeyMissing
from shared.security.keys import PUBLIC
from shared.security.roles import Role
from shared.security.token_keys import token_public_keys
from shared.security.tokens import issue_token, verify_token

ACTOR = Actor(uuid.uuid4(), "ADMIN CONTOH", "admin@contoh.test", frozenset({Role.ADMINISTRATOR}))


def run(verb: str, folder: Path) -> None:
    done = CliRunner().invoke(kompeten, ["keys", verb, "token", "--into", str(folder / "keys")])
    assert done.exit_code == 0, done.output


def test_old_and_new_tokens_are_good_until_the_old_key_is_retired(data_dir: Path) -> None:
    before = issue_token(ACTOR, "id").value
    run("roll", data_dir)
    after = issue_token(ACTOR, "id").value
    assert verify_token(before).actor == verify_token(after).actor == ACTOR
    run("roll", data_dir)
    newest = issue_token(ACTOR, "id").value
    assert [verify_token(one).actor for one in (before, after, newest)] == [ACTOR] * 3
    run("retire", data_dir)
    assert verify_token(newest).actor == ACTOR
    for old in (before, after):
        with pytest.raises(NotSignedIn):
            verify_token(old)


def test_the_files_stay_the_same_files(data_dir: Path) -> None:
    """This failure mode means containers that have the file of before, and tokens that nobody believes."""
    public = data_dir / "keys" / PUBLIC
    public.chmod(0o444)
    before = public.stat().st_ino
    run("roll", data_dir)
    run("retire", data_dir)
    assert (public.stat().st_ino, public.stat().st_mode & 0o777) == (before, 0o444)
    assert public.read_bytes().count(b"BEGIN") == 1


def test_a_file_that_is_being_written_leaves_the_keys_that_were_known(data_dir: Path) -> None:
    token = issue_token(ACTOR, "id").value
    assert verify_token(token).actor == ACTOR
    for half in (b"", b"-----BEGIN PUBLIC KEY-----\nMCow"):
        (data_dir / "keys" / PUBLIC).write_bytes(half)
        assert verify_token(token).actor == ACTOR


def test_a_file_that_never_held_a_key_is_told(data_dir: Path) -> None:
    (data_dir / "keys" / PUBLIC).write_bytes(b"-----BEGIN PUBLIC KEY-----\nMCow")
    with pytest.raises(KeyMissing, match=PUBLIC):
        token_public_keys()
