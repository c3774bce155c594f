"""What the system is made of is told to others, and held fast."""

import json
import re
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]
LOCKED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^ ;\\]+)", re.M)
DIGEST = "sha256:" + "a" * 64
IMAGES = {"POSTGRES_IMAGE", "RABBITMQ_IMAGE", "PROXY_IMAGE", "OBJECT_STORE_IMAGE", "LIMITS_IMAGE", "PYTHON_IMAGE"}


def test_the_bill_of_materials_names_every_locked_package_with_its_hashes(tmp_path: Path) -> None:
    made = tmp_path / "sbom.json"
    command = ("requirements", "requirements/runtime.txt", "--pyproject", "pyproject.toml", "--of", "JSON", "-o", made)
    subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "cyclonedx_py", *command, "--validate"],
        cwd=PROJECT,
        check=True,
        capture_output=True,
    )
    bill = json.loads(made.read_text())
    assert bill["bomFormat"] == "CycloneDX"
    assert bill["metadata"]["component"]["name"] == "kompeten"
    told = {(part["name"], part["version"]) for part in bill["components"]}
    assert told == set(LOCKED.findall((PROJECT / "requirements" / "runtime.txt").read_text()))
    assert all(part["externalReferences"][0]["hashes"] for part in bill["components"])


def test_every_image_that_is_not_built_here_can_be_pinned_by_its_digest(tmp_path: Path) -> None:
    (tmp_path / "deploy").mkdir()
    for file in ("deploy/pin", "deploy/settings.sh", "docker-compose.yml"):
        (tmp_path / file).write_bytes((PROJECT / file).read_bytes())
    (tmp_path / ".env").write_text("KOMPETEN_ADMIN_EMAIL=lama@contoh.test\nPOSTGRES_IMAGE=postgres:16@sha256:0\n")
    (tmp_path / "docker").write_text(f'#!/bin/sh\n[ "$1" = pull ] || echo "somebody/something@{DIGEST}"\n')
    for program in ("docker", "deploy/pin"):
        (tmp_path / program).chmod(0o755)
    for _ in range(2):
        subprocess.run([str(tmp_path / "deploy" / "pin")], env={"PATH": f"{tmp_path}:/usr/bin:/bin"}, check=True)
    lines = dict(line.split("=", 1) for line in (tmp_path / ".env").read_text().splitlines())
    assert lines.keys() == {"KOMPETEN_ADMIN_EMAIL", *IMAGES}
    assert all(lines[name].endswith(f"@{DIGEST}") for name in IMAGES)
    assert lines["POSTGRES_IMAGE"] == f"postgres:16@{DIGEST}"


def test_what_others_made_is_shipped_with_its_licence() -> None:
    """If this fails for a new file that is not ours: put the text of its licence beside it, as the licence asks."""
    made_elsewhere = [path for ending in ("ttf", "otf", "bin") for path in PROJECT.glob(f"s*/**/*.{ending}")]
    assert {path.suffix for path in made_elsewhere} == {".ttf", ".bin"}
    for file in made_elsewhere:
        texts = [*file.parent.glob("OFL.txt"), *file.parent.glob(f"{file.stem}.LICENSE.txt")]
        assert any("Copyright" in text.read_text() for text in texts), file


def test_a_base_image_is_named_once() -> None:
    """What the Dockerfile builds on by default is what the compose file hands to it."""
    (named,) = re.findall(r"^ARG PYTHON_IMAGE=(.*)$", (PROJECT / "deploy" / "Dockerfile").read_text(), re.M)
    assert f"${{PYTHON_IMAGE:-{named}}}" in (PROJECT / "docker-compose.yml").read_text()
