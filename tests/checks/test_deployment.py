"""The deployment's files: well-formed, and as locked up as docs/operations/deploy.md says."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from kompeten.services import NAMES, find_service

PROJECT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
CONTAINERS: dict[str, Any] = COMPOSE["services"]
KEYS_OF_ONE = {
    "token_private_key": {"registration"},
    "signing_key": {"certificate"},
    "credential_key": {"certificate"},
    "signing_chain": {"certificate"},
    "timestamp_roots": {"certificate"},
    "admin_password": {"registration"},
    "postgres_password": {"postgres", "roles"},
    "postgres_owner_password": {"roles", "migrate"},
    "rabbitmq_admin_password": {"topology", "agency", "operator"},
    "store_root_password": {"minio", "bucket"},
    "limits_password": {"limits", *NAMES},
}


class Strict(yaml.SafeLoader):
    """Takes no key twice in one mapping, as the engine does; PyYAML alone would keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"]
        assert len(keys) == len(set(keys)), f"twice in one mapping: {keys} {node.start_mark}"
        return super().construct_mapping(node, deep)


def run(*command: str) -> str:
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("path", ["deploy/Dockerfile", "tests/containers/store/Dockerfile"])
def test_the_images_are_built_by_the_book(path: str) -> None:
    run(str(BIN / "hadolint"), path)


def test_the_compose_file_follows_its_specification() -> None:
    run(str(BIN / "check-jsonschema"), "--builtin-schema", "vendor.compose-spec", "docker-compose.yml")


def test_the_door_for_other_agencies_follows_it_too() -> None:
    run(str(BIN / "check-jsonschema"), "--builtin-schema", "vendor.compose-spec", "deploy/rabbitmq/outside.yaml")


@pytest.mark.parametrize(
    "path", [*PROJECT.glob("*.yml"), *PROJECT.glob("deploy/**/*.yaml")], ids=lambda path: str(path.name)
)
def test_nothing_is_said_twice(path: Path) -> None:
    yaml.load(path.read_text(), Strict)


def test_there_is_a_container_for_every_service() -> None:
    assert [name for name in CONTAINERS if CONTAINERS[name].get("command", [""])[0] == "serve"] == list(NAMES)


@pytest.mark.parametrize("name", CONTAINERS)
def test_no_container_can_do_more_than_it_must(name: str) -> None:
    container = CONTAINERS[name]
    assert container["read_only"]
    assert container["cap_drop"] == ["ALL"]
    assert container["security_opt"] == ["no-new-privileges:true"]
    assert "container_name" not in container, "a fixed name cannot be scaled"


@pytest.mark.parametrize("service", NAMES)
def test_a_service_waits_for_what_it_needs_and_says_when_it_is_ready(service: str) -> None:
    container = CONTAINERS[service]
    conditions = {name: waits["condition"] for name, waits in container["depends_on"].items()}
    assert conditions == {
        "postgres": "service_healthy",
        "rabbitmq": "service_healthy",
        "migrate": "service_completed_successfully",
        "topology": "service_completed_successfully",
        "bucket": "service_completed_successfully",
    }
    assert container["healthcheck"]["test"][-1] == service
    assert container["stop_grace_period"] == "35s"


def test_only_the_proxy_is_reached_from_outside() -> None:
    assert [name for name, container in CONTAINERS.items() if "ports" in container] == ["proxy"]
    assert COMPOSE["networks"]["back"] == {"internal": True}


def secrets_of(name: str) -> set[str]:
    return {secret if isinstance(secret, str) else secret["source"] for secret in CONTAINERS[name].get("secrets", [])}


@pytest.mark.parametrize("secret", KEYS_OF_ONE)
def test_a_key_is_given_only_to_who_uses_it(secret: str) -> None:
    assert {name for name in CONTAINERS if secret in secrets_of(name)} == KEYS_OF_ONE[secret]


USES = {
    "store": (re.compile(r"\bobject_store\b"), {"store_access_key", "store_secret_key"}, "KOMPETEN_OBJECT_STORE_"),
    "encryption": (re.compile(r"\bshared\.security\.encryption\b"), {"encryption_key"}, "KOMPETEN_ENCRYPTION_"),
    "mail": (re.compile(r"\bsystem_mailer\b"), {"mail_password"}, "KOMPETEN_MAIL_"),
}
"""What shows in its code that a service uses a secret, the secret's names, and how its settings begin."""


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("service", NAMES)
def test_a_service_is_given_the_secrets_that_its_code_uses_and_no_other(service: str, use: str) -> None:
    """This failure mode means that who breaks into one service reads what only others need."""
    sign, names, begin = USES[use]
    sources = [path.read_text() for path in (PROJECT / "services" / service).rglob("*.py")]
    uses = any(sign.search(source) for source in sources)
    assert names & secrets_of(service) == (names if uses else set())
    settings = {name for name in CONTAINERS[service]["environment"] if name.startswith(begin)}
    assert bool(settings) is uses
    declared = find_service(service)
    assert {"store": declared.keeps_files, "mail": declared.sends_mail}.get(use, uses) is uses


@pytest.mark.parametrize("service", NAMES)
def test_only_certificate_is_told_where_the_signing_keys_are(service: str) -> None:
    told = {
        name for name in CONTAINERS[service]["environment"] if name.startswith(("KOMPETEN_SIGNING", "KOMPETEN_CRED"))
    }
    assert bool(told) is (service == "certificate")


def test_only_those_who_must_reach_out_can() -> None:
    assert {name for name in CONTAINERS if "outside" in CONTAINERS[name].get("networks", [])} == {
        "certificate",
        "notification",
        "watch",
    }


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_keys_are_made_readable_by_their_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    run(str(BIN / "kompeten"), "keys", "create", "--into", str(folder))
    private = {"token-private.pem", "encryption.key", "signing-key.pem", "credential-key.pem"}
    private |= {f"{name}.key" for name in NAMES}
    assert {path.name for path in files_below(folder) if path.stat().st_mode & 0o077 == 0} >= private
    before = {path.name: path.read_bytes() for path in files_below(folder)}
    run(str(BIN / "kompeten"), "keys", "create", "--into", str(folder))
    assert {path.name: path.read_bytes() for path in files_below(folder)} == before


@pytest.mark.parametrize("service", NAMES)
def test_a_service_has_its_own_passwords_and_nobody_elses(service: str) -> None:
    passwords = {secret for secret in secrets_of(service) if secret.startswith(("postgres_", "rabbitmq_"))}
    assert passwords == {f"postgres_{service}_password", f"rabbitmq_{service}_password"}


@pytest.mark.parametrize("service", NAMES)
def test_a_service_signs_with_its_own_key_and_knows_everybodys_public_one(service: str) -> None:
    keys = {secret for secret in secrets_of(service) if secret.startswith("service_")}
    assert keys == {f"service_{service}_key"}
    assert COMPOSE["secrets"][f"service_{service}_key"]["file"] == f"deploy/secrets/service-keys/{service}.key"
    assert "./deploy/secrets/service-keys/public:/run/service-keys:ro" in CONTAINERS[service]["volumes"]
    assert CONTAINERS[service]["environment"]["KOMPETEN_SERVICE_PUBLIC_KEYS_DIR"] == "/run/service-keys"


def test_prepare_makes_every_secret_the_compose_file_names(tmp_path: Path) -> None:
    """What `kompeten keys create` makes is left out here: the container engine runs that."""
    made_by_keys = {"token_private_key", "token_public_key", "encryption_key", "signing_key", "signing_chain"}
    made_by_keys |= {"credential_key"} | {f"service_{name}_key" for name in NAMES}
    (tmp_path / "deploy").mkdir()
    for file in ("deploy/prepare", "docker-compose.yml"):
        (tmp_path / file).write_bytes((PROJECT / file).read_bytes())
    (tmp_path / "docker").write_text("#!/bin/sh\nexit 0\n")
    for program in ("docker", "deploy/prepare"):
        (tmp_path / program).chmod(0o755)
    for _ in range(2):
        done = subprocess.run(
            [str(tmp_path / "deploy" / "prepare"), "--domain", "lsp.contoh.test"],
            env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        contents = {path.name: path.read_text() for path in (tmp_path / "deploy" / "secrets").iterdir()}
    assert (tmp_path / "deploy" / "secrets").stat().st_mode & 0o777 == 0o700
    assert contents.keys() == COMPOSE["secrets"].keys() - made_by_keys
    passwords = [text for name, text in contents.items() if name.endswith("_password") and text]
    assert len(set(passwords)) == len(passwords), "every password is its own"
    assert "KOMPETEN_PUBLIC_URL=https://lsp.contoh.test" in (tmp_path / ".env").read_text()


def test_repeating_prepare_keeps_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "deploy" / "secrets").mkdir(parents=True)
    (tmp_path / "deploy" / "secrets" / "postgres_password").write_text("contoh\n")
    (tmp_path / ".env").write_text("KOMPETEN_ADMIN_EMAIL=lama@contoh.test\n")
    for file in ("deploy/prepare", "docker-compose.yml"):
        (tmp_path / file).write_bytes((PROJECT / file).read_bytes())
    (tmp_path / "docker").write_text("#!/bin/sh\nexit 0\n")
    for program in ("docker", "deploy/prepare"):
        (tmp_path / program).chmod(0o755)
    subprocess.run([str(tmp_path / "deploy" / "prepare")], env={"PATH": f"{tmp_path}:/usr/bin:/bin"}, check=True)
    assert (tmp_path / "deploy" / "secrets" / "postgres_password").read_text() == "contoh\n"
    assert (tmp_path / ".env").read_text() == "KOMPETEN_ADMIN_EMAIL=lama@contoh.test\n"


def test_nothing_secret_is_under_version_control() -> None:
    assert run("git", "ls-files", "deploy/secrets", ".env") == ""
