"""deploy/rotate for every secret, with a container engine that only notes what it is asked."""

import os
import re
import subprocess
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Any

import pytest
import yaml

from kompeten.services import NAMES
from shared.security.keyrings import RINGS
from tests.integration.deploy.conftest import PROJECT

COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
SECRETS: dict[str, str] = {name: one["file"] for name, one in COMPOSE["secrets"].items()}
GIVEN = {"mail_password", "timestamp_roots", "backup_recipients", "signing_key", "signing_chain"}
"""What only others can give."""
ONCE = {"migrate", "roles", "topology", "bucket", "restore", "operator", "agency", "keys", "status"}
"""Containers that run for a command: the next one has the new value."""
READ_ANEW = {"postgres_password", "rabbitmq_admin.conf", "token_private_key", "token_public_key", "backup_recipients"}
READ_ANEW |= {f"postgres_{name}_password" for name in (*NAMES, "backup")}
"""What its readers look into again by themselves, or only ever at a first start."""
ENGINE = """#!/bin/bash
echo "$*" >> "$NOTES"
case "$*" in
  *"compose ps -q"*) n=$(grep -c -- "--no-recreate.* ${*: -1}$" "$NOTES"); echo old; seq -f 'new%g' $((2 ** n - 1)) ;;
  *change-administrator*) cat >> given ;;
  *" psql "* | *"backup secrets") cat > /dev/null ;;
  *"keys create"*) echo baru > deploy/secrets/credential-key.pem ;;
esac
[[ -z $BREAKS || "$*" != *"$BREAKS"* ]] && [[ $(wc -l < "$NOTES") != "$BREAKS_AT" ]]
"""

HALF_AN_ENGINE = """#!/bin/bash
echo "$*" >> "$NOTES"
case "$*" in
  *"compose ps -q"*) echo old1; echo old2; ! grep -q -- --no-recreate "$NOTES" || echo new ;;
  *"--no-recreate"*) exit 1 ;;
esac
"""
"""Starts one new container of two, and says that it failed."""


class Checkout:
    def __init__(self, folder: Path) -> None:
        self.folder, self.notes = folder, folder / "notes"
        for file in (*SECRETS.values(), *(f"deploy/secrets/encryption/{ring}/encryption.key" for ring in RINGS)):
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text("default_pass = lama-contoh\n")
            (folder / file).chmod(0o444)
        (folder / ".env").write_text("KOMPETEN_ADMIN_EMAIL=admin@contoh.test\n")
        (folder / "baru").write_text("baru-contoh\nbaru-kedua\n")
        (folder / "docker").write_text(ENGINE)
        (folder / "docker-compose.yml").write_bytes((PROJECT / "docker-compose.yml").read_bytes())
        for name in ("rotate", "replace", "backup", "settings.sh", "services.sh"):
            (folder / "deploy" / name).write_bytes((PROJECT / "deploy" / name).read_bytes())
            (folder / "deploy" / name).chmod(0o755)
        (folder / "docker").chmod(0o755)

    def rotate(self, *given: str, breaks: str = "", breaks_at: int = 0) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": f"{self.folder}:{os.environ['PATH']}",
            "NOTES": str(self.notes),
            "BREAKS": breaks,
            "BREAKS_AT": str(breaks_at),
            "READY_SECONDS": "0",
        }
        return subprocess.run(
            [str(self.folder / "deploy" / "rotate"), *given],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def rotate_one(self, name: str, breaks: str = "", breaks_at: int = 0) -> subprocess.CompletedProcess[str]:
        """With the files it wants."""
        from_file = ("--from", str(self.folder / "baru")) if name in GIVEN else ()
        chain = ("--chain", str(self.folder / "baru")) if name.startswith("signing") else ()
        return self.rotate(name, *from_file, *chain, breaks=breaks, breaks_at=breaks_at)

    @property
    def asked(self) -> list[str]:
        return self.notes.read_text().splitlines() if self.notes.exists() else []

    def replaced(self) -> set[str]:
        """The containers that were made anew."""
        found = {line.rpartition(" ")[2] for line in self.asked if "--no-recreate" in line}
        return found | {name for line in self.asked if "--force-recreate" in line for name in line.split()[5:]}


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def readers_of(secret: str) -> set[str]:
    """The containers that are given a secret and go on running."""

    def names(container: dict[str, Any]) -> set[str]:
        return {one if isinstance(one, str) else one["source"] for one in container.get("secrets", [])}

    return {name for name, container in COMPOSE["services"].items() if secret in names(container)} - ONCE


def test_every_secret_is_listed_with_its_age_and_what_is_done(checkout: Checkout) -> None:
    done = checkout.rotate("--list")
    assert done.returncode == 0, done.stderr
    lines = [line.split(maxsplit=3) for line in done.stdout.splitlines()]
    assert {line[0] for line in lines} == {*SECRETS, *(f"encryption_{ring}" for ring in RINGS)}
    assert all(age == "0" and len(does) > 10 for _, age, _, does in lines)


@pytest.mark.parametrize("name", SECRETS)
def test_every_secret_has_a_way_to_a_new_value(checkout: Checkout, name: str) -> None:
    """If this fails for a new secret: say in deploy/rotate how it is changed, and who must be started anew."""
    done = checkout.rotate_one(name)
    assert done.returncode == 0, done.stdout + done.stderr
    made_by_engine = [line for line in checkout.asked if re.search(r" keys (roll|create) ", f"{line} ")]
    assert made_by_engine or "lama-" not in (checkout.folder / SECRETS[name]).read_text()
    unread = set() if name in READ_ANEW else readers_of(name) - {"postgres", "rabbitmq"}
    assert unread <= checkout.replaced(), "those who read it only when they start"
    assert checkout.asked[-1].endswith("backup backup secrets"), "the archive of secrets is as new as they are"
    assert list((checkout.folder / "deploy" / "secrets").glob(".*.before")) == []


@pytest.mark.parametrize("name", SECRETS)
def test_running_containers_keep_the_file_they_have_open(checkout: Checkout, name: str) -> None:
    file = checkout.folder / SECRETS[name]
    before = file.stat().st_ino
    assert checkout.rotate_one(name).returncode == 0
    assert file.stat().st_mode & 0o777 == 0o444
    assert name == "credential_key" or file.stat().st_ino == before


@pytest.mark.parametrize("ring", RINGS)
def test_a_ring_gets_a_new_key_and_everything_comes_under_it(checkout: Checkout, ring: str) -> None:
    service = {"photos": "registration"}.get(ring, ring)
    assert checkout.rotate(f"encryption_{ring}").returncode == 0
    words = "\n".join(checkout.asked)
    assert f"keys encryption roll {ring} --into /keys" in words
    assert f"exec -T {service} kompeten encryption reencrypt {service}" in words
    assert checkout.rotate("--retire", f"encryption_{ring}").returncode == 0
    assert f"{service} encryption retire {ring} --into /keys" in "\n".join(checkout.asked)


def test_what_the_earlier_keys_signed_is_good_until_they_are_retired(checkout: Checkout) -> None:
    for name, known in {"token_private_key": "token", "service_decision_key": "decision"}.items():
        assert checkout.rotate(name).returncode == 0
        assert not any(f"keys retire {known}" in line for line in checkout.asked)
        assert checkout.rotate("--retire", name).returncode == 0
        assert any(f"keys retire {known} --into /keys" in line for line in checkout.asked)
    assert checkout.rotate("--retire", "limits_password").returncode == 1


@pytest.mark.parametrize("name", sorted(GIVEN))
def test_what_only_others_can_give_is_asked_for(checkout: Checkout, name: str) -> None:
    done = checkout.rotate(name)
    assert done.returncode == 1
    assert "--from" in done.stderr
    assert checkout.asked == []


def test_a_signing_key_that_does_not_fit_leaves_the_one_before(checkout: Checkout) -> None:
    done = checkout.rotate_one("signing_key", breaks="signing check")
    assert done.returncode == 1
    assert "lama-" in (checkout.folder / SECRETS["signing_key"]).read_text()
    assert checkout.replaced() == set()


@pytest.mark.parametrize("name", ["signing_key", "store_decision_access_key"])
@pytest.mark.parametrize("content", ["", "satu-baris-saja\n"])
def test_half_a_pair_changes_nothing(checkout: Checkout, name: str, content: str) -> None:
    """This failure mode means that who starts anew has a new half of a pair and an old one."""
    (checkout.folder / "kurang").write_text(content)
    chain = ("--chain", str(checkout.folder / "kosong")) if name == "signing_key" else ()
    (checkout.folder / "kosong").write_text("\n")
    done = checkout.rotate(name, "--from", str(checkout.folder / "kurang"), *chain)
    assert done.returncode == 1
    assert checkout.asked == []
    assert all("lama-" in (checkout.folder / file).read_text() for file in SECRETS.values())
    assert list((checkout.folder / "deploy" / "secrets").glob(".*")) == []


def test_keys_that_nothing_can_be_sealed_for_leave_the_ones_before(checkout: Checkout) -> None:
    """This failure mode means that no backup is made any more, and the public keys of before are nowhere."""
    done = checkout.rotate_one("backup_recipients", breaks="backup secrets")
    assert done.returncode == 1
    assert "the ones before stay" in done.stderr
    assert "lama-" in (checkout.folder / SECRETS["backup_recipients"]).read_text()


def test_fewer_new_containers_than_there_were_go_again(checkout: Checkout) -> None:
    """This failure mode means one container where there were two, on a machine without memory for more."""
    (checkout.folder / "docker").write_text(HALF_AN_ENGINE)
    assert checkout.rotate("rabbitmq_decision_password").returncode != 0
    assert "rm --force new" in checkout.asked
    assert not any(line.startswith("stop") for line in checkout.asked)


def test_one_thing_at_a_time(checkout: Checkout) -> None:
    """This failure mode means that a rotation and an update end each other's new containers."""
    with (checkout.folder / "docker-compose.yml").open() as held:
        flock(held, LOCK_EX)
        done = checkout.rotate("postgres_decision_password")
        replaced = subprocess.run(
            [str(checkout.folder / "deploy" / "replace"), "decision"], capture_output=True, text=True, check=False
        )
    assert (done.returncode, replaced.returncode) == (1, 1)
    assert "another update or rotation is going on" in done.stderr + replaced.stderr
    assert checkout.asked == []


@pytest.mark.parametrize(
    ("name", "breaks"),
    [
        ("postgres_decision_password", "roles"),
        ("rabbitmq_decision_password", "topology"),
        ("token_private_key", "roll"),
    ],
)
def test_a_step_that_fails_is_told_and_may_be_repeated(checkout: Checkout, name: str, breaks: str) -> None:
    assert checkout.rotate(name, breaks=breaks).returncode != 0
    assert checkout.replaced() == set()
    assert checkout.rotate(name).returncode == 0


@pytest.mark.parametrize(
    "name", ["rabbitmq_admin_password", "store_access_key", "store_decision_secret_key", "credential_key"]
)
def test_a_rotation_that_broke_off_anywhere_is_finished_by_the_next(tmp_path: Path, name: str) -> None:
    """Broken off at each call of the engine, followed by another secret's rotation, and then repeated.

    This failure mode means a broker with a password that is in no file, or an account that goes on being good.
    """
    (tmp_path / "0").mkdir()
    whole = Checkout(tmp_path / "0")
    assert whole.rotate_one(name).returncode == 0
    for at in range(1, len(whole.asked) + 1):
        (folder := tmp_path / str(at)).mkdir()
        checkout = Checkout(folder)
        checkout.rotate_one(name, breaks_at=at)
        assert checkout.rotate("postgres_backup_password").returncode == 0
        again = checkout.rotate_one(name)
        assert again.returncode == 0, again.stderr
        secrets = folder / "deploy" / "secrets"
        assert list(secrets.glob(".*.before")) + list(secrets.glob(".*.next")) == []
        if name == "rabbitmq_admin_password":
            first, second = (folder / "given").read_text().split()
            assert at > 1 or first == second, "the one that the broker may have taken"
            assert (folder / SECRETS[name]).read_text() == f"{second}\n"
            assert (folder / SECRETS["rabbitmq_admin.conf"]).read_text() == f"default_pass = {second}\n"
        elif name.startswith("store"):
            ended = {line.partition("STORE_REMOVE=")[2].split()[0] for line in checkout.asked if "STORE_REMOVE" in line}
            assert "default_pass" in ended, "the account from before the rotation that broke off"
        elif name == "credential_key":
            assert (folder / SECRETS[name]).read_text() == "baru\n"


def test_containers_that_do_not_become_ready_are_not_used(checkout: Checkout) -> None:
    """This failure mode means a rotation that leaves a service without any container that works."""
    done = checkout.rotate("rabbitmq_decision_password", breaks="exec new")
    assert done.returncode != 0
    assert not any(line.startswith("stop") for line in checkout.asked)


def test_what_is_no_secret_is_refused(checkout: Checkout) -> None:
    assert checkout.rotate("kunci_lain").returncode == 1
    assert checkout.rotate().returncode == 2
