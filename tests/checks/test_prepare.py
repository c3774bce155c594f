"""`deploy/prepare`: the secrets it makes, what it keeps, and the certificate it takes; an engine is not needed."""

import subprocess
from pathlib import Path

import pytest

from kompeten.services import NAMES
from tests.checks.test_deployment import COMPOSE, PROJECT, files_below, run


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What deploy/prepare works on, and an engine that does nothing."""
    (tmp_path / "deploy").mkdir()
    scripts = [f"deploy/{name}" for name in ("prepare", "build", "settings.sh", "services.sh")]
    for file in (*scripts, "docker-compose.yml", "pyproject.toml"):
        (tmp_path / file).write_bytes((PROJECT / file).read_bytes())
    (tmp_path / "docker").write_text("#!/bin/sh\nexit 0\n")
    for program in ("docker", "deploy/prepare", "deploy/build"):
        (tmp_path / program).chmod(0o755)
    return tmp_path


def prepare(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(checkout / "deploy" / "prepare"), *arguments],
        env={"PATH": f"{checkout}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )


def settings_of(checkout: Path) -> dict[str, str]:
    lines = (checkout / ".env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if not line.startswith("#"))


def test_prepare_makes_every_secret_the_compose_file_names(checkout: Path) -> None:
    """What `kompeten keys create` makes is left out here: the container engine runs that."""
    made_by_keys = {"token_private_key", "token_public_key", "signing_key", "signing_chain"}
    made_by_keys |= {"credential_key"} | {f"service_{name}_key" for name in NAMES}
    for _ in range(2):
        done = prepare(checkout, "--domain", "lsp.contoh.test")
        assert done.returncode == 0, done.stderr
        contents = {path.name: path.read_text() for path in files_below(checkout / "deploy" / "secrets")}
    assert (checkout / "deploy" / "secrets").stat().st_mode & 0o777 == 0o700
    assert contents.keys() == COMPOSE["secrets"].keys() - made_by_keys
    passwords = [text for name, text in contents.items() if name.endswith("_password") and text]
    assert len(set(passwords)) == len(passwords), "every password is its own"
    assert settings_of(checkout)["KOMPETEN_PUBLIC_URL"] == "https://lsp.contoh.test"


def test_repeating_prepare_keeps_what_is_there(checkout: Path) -> None:
    (checkout / "deploy" / "secrets").mkdir(parents=True)
    (checkout / "deploy" / "secrets" / "postgres_password").write_text("contoh\n")
    before = {"KOMPETEN_ADMIN_EMAIL": "lama@contoh.test", "KOMPETEN_IMAGE": "kompeten:lama", "KOMPETEN_REPLICAS": "1"}
    (checkout / ".env").write_text("".join(f"{name}={value}\n" for name, value in before.items()))
    assert prepare(checkout).returncode == 0
    assert (checkout / "deploy" / "secrets" / "postgres_password").read_text() == "contoh\n"
    assert settings_of(checkout) == before


def test_a_setting_that_is_added_stands_in_a_line_of_its_own(checkout: Path) -> None:
    """This failure mode means that what somebody wrote at the end of .env, without an end of line, is lost with it."""
    (checkout / ".env").write_text("KOMPETEN_IMAGE=kompeten:lama\nKOMPETEN_ADMIN_EMAIL=lama@contoh.test")
    assert prepare(checkout).returncode == 0
    assert settings_of(checkout)["KOMPETEN_ADMIN_EMAIL"] == "lama@contoh.test"
    assert settings_of(checkout)["KOMPETEN_REPLICAS"] in ("1", "2")


def test_prepare_takes_an_own_certificate_with_its_key_and_no_other(checkout: Path) -> None:
    for name in ("own", "other"):
        files = ("-keyout", str(checkout / f"{name}.key"), "-out", str(checkout / f"{name}.pem"))
        kind = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2")
        run("openssl", "req", "-x509", *kind, "-subj", "/CN=lsp.contoh.test", *files)
    given = ("--certificate", str(checkout / "own.pem"), "--key", str(checkout / "own.key"))
    assert "needs a name" in prepare(checkout, *given).stderr
    (checkout / ".env").unlink()
    assert prepare(checkout, "--domain", "lsp.contoh.test").returncode == 0
    wrong = prepare(checkout, *given[:3], str(checkout / "other.key"))
    assert wrong.returncode == 1
    assert "is not the key of" in wrong.stderr
    assert prepare(checkout, "--certificate", str(checkout / "own.pem")).returncode != 0
    done = prepare(checkout, *given)
    assert done.returncode == 0, done.stderr
    assert settings_of(checkout)["SITE_TLS"] == "tls /run/tls/certificate.pem /run/tls/key.pem"
    kept = checkout / "deploy" / "secrets" / "tls"
    assert (kept / "key.pem").read_bytes() == (checkout / "own.key").read_bytes()


@pytest.mark.parametrize("script", ["prepare", "build", "update", "pin"])
def test_a_script_that_is_asked_for_help_does_nothing_else(script: str, checkout: Path) -> None:
    (checkout / "deploy" / script).write_bytes((PROJECT / "deploy" / script).read_bytes())
    (checkout / "deploy" / script).chmod(0o755)
    before = {path.name for path in checkout.rglob("*")}
    done = subprocess.run([str(checkout / "deploy" / script), "--help"], capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stdout.startswith(f"deploy/{script}")
    assert {path.name for path in checkout.rglob("*")} == before
