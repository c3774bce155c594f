"""deploy/backup, deploy/restore and deploy/prove-backup with a container engine that only notes what it is asked; the
real one is tried by `python -m tests.containers`.
"""

import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from tests.integration.deploy.conftest import PROJECT
from tests.servers.packages import install, need

ENGINE = """#!/bin/bash
echo "$*" >> "$NOTES"
echo "$KOMPETEN_IMAGE" >> "$NOTES.images"
case "$*" in
  *" ps --services"*) printf '%s' "$ALIVE" ;;
  *" backup secrets"*) cat > "$NOTES.archive" ;;
  *" --entrypoint age "*) cat ;;
esac
[[ "$*" != *"$BREAKS"* || -z $BREAKS ]]
"""


SCRIPTS = tuple(f"deploy/{name}" for name in ("backup", "restore", "prove-backup", "settings.sh", "services.sh"))


class Checkout:
    """A folder with the scripts, secrets, and an engine that notes."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.notes = folder, folder / "notes"
        (folder / "deploy" / "secrets").mkdir(parents=True)
        (folder / "deploy" / "secrets" / "encryption.key").write_text("kunci-contoh\n")
        (folder / "deploy" / "data").mkdir()
        (folder / "deploy" / "data" / "paper.yaml").write_text("contoh: 1\n")
        (folder / ".env").write_text("KOMPETEN_ADMIN_EMAIL=admin@contoh.test\n")
        (folder / "identity").write_text("AGE-SECRET-KEY-CONTOH\n")
        (folder / "backups" / "20261127T000000Z").mkdir(parents=True)
        (folder / "docker").write_text(ENGINE)
        for path in (*SCRIPTS, "docker-compose.yml"):
            shutil.copy(PROJECT / path, folder / path)
        (folder / "docker").chmod(0o755)

    def run(
        self, *command: str, alive: str = "", breaks: str = "", path: str = os.environ["PATH"]
    ) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": f"{self.folder}:{path}",
            "NOTES": str(self.notes),
            "ALIVE": alive,
            "BREAKS": breaks,
        }
        return subprocess.run(
            [str(self.folder / command[0]), *command[1:]], env=environment, capture_output=True, text=True, check=False
        )

    def restore(self, *more: str, alive: str = "", breaks: str = "") -> subprocess.CompletedProcess[str]:
        given = ("--identity", str(self.folder / "identity"), *more)
        return self.run("deploy/restore", *given, alive=alive, breaks=breaks)

    @property
    def asked(self) -> list[str]:
        return self.notes.read_text().splitlines() if self.notes.exists() else []

    @property
    def settings(self) -> str:
        return (self.folder / ".env").read_text()


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_a_backup_seals_the_secrets_then_backs_up(checkout: Checkout) -> None:
    done = checkout.run("deploy/backup")
    assert done.returncode == 0, done.stderr
    assert [line.rpartition(" backup backup ")[2] for line in checkout.asked] == ["secrets", "now"]
    with tarfile.open(f"{checkout.notes}.archive") as archive:
        assert set(archive.getnames()) >= {".env", "deploy/secrets/encryption.key", "deploy/data/paper.yaml"}


@pytest.mark.parametrize("breaks", ["backup secrets", "backup now"])
def test_a_backup_that_fails_says_so(checkout: Checkout, breaks: str) -> None:
    """This failure mode means a cron job that is content for a year, and no backup."""
    assert checkout.run("deploy/backup", breaks=breaks).returncode != 0


def test_secrets_that_cannot_all_be_read_are_not_sealed(checkout: Checkout) -> None:
    """This failure mode means that ten archives without the encryption keys take the place of the good ones."""
    (checkout.folder / "tar").write_text('#!/bin/bash\n/usr/bin/tar "$@"; exit 2\n')
    (checkout.folder / "tar").chmod(0o755)
    assert checkout.run("deploy/backup").returncode != 0
    assert checkout.asked == []


def test_the_secrets_alone_can_be_sealed(checkout: Checkout) -> None:
    assert checkout.run("deploy/backup", "--secrets").returncode == 0
    assert [line.rpartition(" ")[2] for line in checkout.asked] == ["secrets"]


def test_a_running_system_is_not_restored_over(checkout: Checkout) -> None:
    """This failure mode means that a rehearsal destroys the register."""
    done = checkout.restore("backups/20261127T000000Z", alive="postgres\nregistration\nwatch\n")
    assert done.returncode == 1
    assert "this system is running (registration watch)" in done.stderr
    assert len(checkout.asked) == 1
    assert "QUIET" not in checkout.settings


def test_a_restored_system_is_quiet_before_anything_starts(checkout: Checkout) -> None:
    done = checkout.restore("backups/20261127T000000Z", alive="postgres\nminio\n")
    assert done.returncode == 0, done.stderr
    steps = ["up -d --wait postgres minio", "roles", "bucket", "restore", "migrate", "up -d --wait"]
    assert [step for step, line in zip(steps, checkout.asked[1:], strict=True) if line.endswith(step)] == steps
    assert "KOMPETEN_QUIET=true" in checkout.settings
    assert "KOMPETEN_ADMIN_EMAIL=admin@contoh.test" in checkout.settings


@pytest.mark.parametrize("breaks", ["postgres minio", "run --rm -T --no-deps roles", ":/restore:ro", "no-deps migrate"])
def test_a_restore_stops_at_the_first_failure(checkout: Checkout, breaks: str) -> None:
    done = checkout.restore("backups/20261127T000000Z", breaks=breaks)
    assert done.returncode != 0
    assert breaks in checkout.asked[-1]
    assert "KOMPETEN_QUIET=true" in checkout.settings
    assert "deploy/restore --speak ends that" in done.stderr, "else nobody knows why no mail goes out"


def test_an_engine_that_does_not_say_what_runs_is_not_believed_that_nothing_does(checkout: Checkout) -> None:
    assert checkout.restore("backups/20261127T000000Z", breaks=" ps --services").returncode != 0
    assert len(checkout.asked) == 1
    assert "QUIET" not in checkout.settings


def test_the_settings_stay_readable_by_their_owner_alone(checkout: Checkout) -> None:
    (checkout.folder / ".env").chmod(0o600)
    checkout.restore("backups/20261127T000000Z")
    assert (checkout.folder / ".env").stat().st_mode & 0o777 == 0o600


def test_a_backup_is_proved_by_the_version_that_runs_and_without_age_on_the_machine(checkout: Checkout) -> None:
    """This failure mode means a proof that fails after each update, for the archive of secrets is older than it."""
    folder = checkout.folder
    pack = ["tar", "-cf", "backups/secrets-20261127T000000Z.tar.age", ".env", "deploy/secrets"]
    (folder / ".env").write_text("KOMPETEN_IMAGE=kompeten:lama\n")
    subprocess.run(pack, cwd=folder, check=True)
    (folder / ".env").write_text("KOMPETEN_IMAGE=kompeten:baru\n")
    done = checkout.run("deploy/prove-backup", "--identity", str(folder / "identity"), path=without_age(folder))
    assert done.returncode == 0, done.stderr
    assert "20261127T000000Z brings the system back" in done.stdout
    assert set(Path(f"{checkout.notes}.images").read_text().split()) == {"kompeten:baru"}
    assert not any(line.startswith("build") for line in checkout.asked)
    assert any("--entrypoint age kompeten:baru-backup" in line for line in checkout.asked)
    assert checkout.asked[-1].endswith("down --volumes --remove-orphans --timeout 5")
    assert checkout.settings == "KOMPETEN_IMAGE=kompeten:baru\n", "the system itself is not touched"


def without_age(folder: Path) -> str:
    """A folder with every program of the machine but age."""
    programs = folder / "programs"
    programs.mkdir()
    for place in ("/usr/bin", "/bin"):
        for program in Path(place).iterdir():
            if program.name != "age" and not (programs / program.name).exists():
                (programs / program.name).symlink_to(program)
    return str(programs)


def test_it_is_heard_again_when_told(checkout: Checkout) -> None:
    checkout.restore("backups/20261127T000000Z")
    assert checkout.run("deploy/restore", "--speak").returncode == 0
    assert "QUIET" not in checkout.settings
    assert checkout.asked[-1].endswith("up -d --wait")


def test_without_secrets_nothing_is_restored(checkout: Checkout) -> None:
    (checkout.folder / ".env").unlink()
    done = checkout.restore("backups/20261127T000000Z")
    assert done.returncode == 1
    assert "--secrets" in done.stderr
    assert checkout.asked == []


def test_the_secrets_come_back_from_their_archive_and_write_over_nothing(checkout: Checkout, tmp_path: Path) -> None:
    install("age", programs=("age", "age-keygen"))
    (tmp_path / "identity").unlink()
    subprocess.run([str(need("age-keygen")), "-o", str(tmp_path / "identity")], check=True, capture_output=True)
    key = subprocess.run([str(need("age-keygen")), "-y", str(tmp_path / "identity")], check=True, capture_output=True)
    public = key.stdout.decode().strip()
    pack = f"cd {tmp_path} && tar -cf - .env deploy | age -r {public} -o {tmp_path}/secrets.tar.age"
    subprocess.run(["bash", "-c", pack], check=True)
    given = ("--secrets", str(tmp_path / "secrets.tar.age"))
    assert checkout.restore(*given).returncode == 1, "there are secrets"
    before = checkout.settings
    (tmp_path / "deploy" / "data" / "paper.yaml").unlink()
    (tmp_path / ".env").unlink()
    (tmp_path / "deploy" / "secrets" / "encryption.key").unlink()
    (tmp_path / "deploy" / "secrets").rmdir()
    done = checkout.restore(*given)
    assert done.returncode == 0, done.stderr
    assert checkout.settings == before
    assert (tmp_path / "deploy" / "secrets" / "encryption.key").read_text() == "kunci-contoh\n"
    assert (tmp_path / "deploy" / "data" / "paper.yaml").read_text() == "contoh: 1\n"
    assert list(tmp_path.glob(".secrets*")) == []
