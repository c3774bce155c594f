"""The deployment's files: well-formed, and as locked up as docs/operations/deploy.md says."""

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from kompeten.services import NAMES, find_service
from shared.runtime.needs import NO_SECRETS, list_secrets
from shared.security.encryption import Kind
from shared.security.keyrings import FILE, RINGS
from tests.servers.packages import install, need

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
    "postgres_password": {"postgres", "roles"},
    "postgres_owner_password": {"roles", "migrate", "restore"},
    "postgres_backup_password": {"roles", "backup"},
    "store_backup_secret_key": {"bucket", "backup"},
    "backup_recipients": {"backup"},
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


def list_scripts() -> list[Path]:
    found = [path for path in (PROJECT / "deploy").rglob("*") if path.is_file() and "secrets" not in path.parts]
    return [path for path in found if path.read_bytes().startswith((b"#!/bin/bash", b"#!/bin/sh"))]


def test_the_scripts_are_written_by_the_book() -> None:
    install("shellcheck", programs=("shellcheck",))
    run(str(need("shellcheck")), *map(str, list_scripts()))


@pytest.mark.parametrize("script", list_scripts(), ids=lambda path: str(path.name))
def test_a_script_stops_at_the_first_failure(script: Path) -> None:
    assert "\nset -euo pipefail\n" in script.read_text()


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


def test_the_database_ends_connections_when_it_is_stopped_whatever_its_image_says() -> None:
    """This failure mode means a minute of waiting for pools that never let go, and a kill after all."""
    assert CONTAINERS["postgres"]["stop_signal"] == "SIGINT"


def test_the_services_run_twice_and_nothing_else_does() -> None:
    """This failure mode means two backups at once, or two mails for each alarm."""
    twice = {name for name, container in CONTAINERS.items() if "replicas" in container.get("deploy", {})}
    assert twice == set(NAMES)


def test_only_the_proxy_is_reached_from_outside() -> None:
    assert [name for name, container in CONTAINERS.items() if "ports" in container] == ["proxy"]
    assert COMPOSE["networks"]["back"] == {"internal": True}


def secrets_of(name: str) -> set[str]:
    return {secret if isinstance(secret, str) else secret["source"] for secret in CONTAINERS[name].get("secrets", [])}


@pytest.mark.parametrize("secret", KEYS_OF_ONE)
def test_a_key_is_given_only_to_who_uses_it(secret: str) -> None:
    assert {name for name in CONTAINERS if secret in secrets_of(name)} == KEYS_OF_ONE[secret]


USES = {
    "store": (
        re.compile(r"\b(object_store|keep_file|read_kept_file)\b"),
        {"store_access_key", "store_secret_key"},
        "KOMPETEN_OBJECT_STORE_",
    ),
    "encryption": (re.compile(r"\bshared\.security\.encryption\b"), set(), "KOMPETEN_ENCRYPTION_"),
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
    wanted = {name.replace("store_", f"store_{service}_") for name in names}
    assert wanted & secrets_of(service) == (wanted if uses else set())
    settings = {name for name in CONTAINERS[service]["environment"] if name.startswith(begin)}
    assert bool(settings) is uses
    declared = find_service(service)
    assert {"store": declared.keeps_files, "mail": declared.sends_mail}.get(use, uses) is uses


@pytest.mark.parametrize("service", NAMES)
def test_the_compose_file_gives_a_service_what_its_declaration_says_that_it_uses(service: str) -> None:
    """The same list is looked at when a service starts: then it refuses (shared/runtime/needs.py)."""
    named = {name.removeprefix("KOMPETEN_").lower() for name in CONTAINERS[service]["environment"]}
    declared = find_service(service)
    files = {name for name in named if name.endswith("_file")} - {*NO_SECRETS}
    assert files <= set(list_secrets(declared))
    pkcs12 = {name for name in declared.optional_secrets if "pkcs12" in name}  # in place of PEM, by an override
    assert files >= set(list_secrets(declared)) - pkcs12


def test_nobody_has_the_stores_keys_of_another() -> None:
    """This failure mode means that who breaks into one service reads or writes what another keeps in the store."""
    held = {name: {secret for secret in secrets_of(name) if secret.startswith("store_")} for name in CONTAINERS}
    for name in NAMES:
        assert all(secret.startswith(f"store_{name}_") for secret in held[name])
    assert {name for name, secrets in held.items() if "store_access_key" in secrets} == {"bucket", "restore"}


def rings_mounted(container: str) -> set[str]:
    mounts = [str(volume) for volume in CONTAINERS[container].get("volumes", [])]
    return {mount.split(":")[1].rpartition("/")[2] for mount in mounts if "/secrets/encryption/" in mount}


@pytest.mark.parametrize("service", NAMES)
def test_a_service_has_the_encryption_keys_of_its_own_kinds_and_no_other(service: str) -> None:
    """This failure mode means that who breaks into one service reads what another has encrypted."""
    file = PROJECT / "services" / service / "encrypted_kinds.py"
    kinds = vars(import_module(f"services.{service}.encrypted_kinds")).values() if file.exists() else ()
    rings = {kind.ring for kind in kinds if isinstance(kind, Kind)}
    assert rings_mounted(service) == rings == set(find_service(service).rings)
    assert rings <= {service, "photos"}
    for ring in rings:
        folder = f"./deploy/secrets/encryption/{ring}:/run/encryption/{ring}:ro"
        assert folder in CONTAINERS[service]["volumes"]


def test_no_other_container_has_encryption_keys_but_for_agencies_secrets() -> None:
    others = {name: rings_mounted(name) for name in CONTAINERS if name not in NAMES and rings_mounted(name)}
    assert others == {"agency": {"certificate"}}


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
    private = {"token-private.pem", FILE, "signing-key.pem", "credential-key.pem"}
    private |= {f"{name}.key" for name in NAMES}
    assert {path.parent.name for path in files_below(folder) if path.name == FILE} == set(RINGS)
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
    assert "./deploy/data:/etc/kompeten/data:ro" in CONTAINERS[service]["volumes"]
    assert "./deploy/secrets/service-keys/public:/run/service-keys:ro" in CONTAINERS[service]["volumes"]
    assert CONTAINERS[service]["environment"]["KOMPETEN_SERVICE_PUBLIC_KEYS_DIR"] == "/run/service-keys"


def test_who_verifies_the_logs_knows_whose_keys_signed_what() -> None:
    """This failure mode means that `verify-log` ends with a traceback, and every backup fails its proof."""
    operator = CONTAINERS["operator"]
    assert "./deploy/secrets/service-keys/public:/run/service-keys:ro" in operator["volumes"]
    assert operator["environment"]["KOMPETEN_SERVICE_PUBLIC_KEYS_DIR"] == "/run/service-keys"


def test_nothing_secret_is_under_version_control() -> None:
    assert run("git", "ls-files", "deploy/secrets", ".env") == ""
