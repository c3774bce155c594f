"""nameko, eventlet and kombu stay at the edge: that wall is what makes them replaceable (architecture 3)."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FRAMEWORKS = {"nameko", "eventlet", "kombu", "amqp"}
WEB = {"flask", "werkzeug", "flask_openapi3", "jinja2"}
INSIDE = ("domain", "models", "commands", "reactions", "queries", "documents", "jobs", "timers")
PURE = {"sqlalchemy", "requests", "httpx", "minio", "alembic"}


def services() -> list[Path]:
    return sorted(path for path in (ROOT / "services").iterdir() if (path / "service.py").exists())


def files(part: str) -> list[Path]:
    found = [path for service in services() for path in (service / f"{part}.py", service / part)]
    return [
        file for path in found if path.exists() for file in ([path] if path.is_file() else sorted(path.rglob("*.py")))
    ]


def imports(file: Path) -> set[str]:
    """The top packages a file imports, and the shared modules by their second name."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found


def tops(file: Path) -> set[str]:
    return {name.partition(".")[0] for name in imports(file)}


@pytest.mark.parametrize("part", INSIDE)
def test_the_inside_imports_no_framework(part: str) -> None:
    guilty = {str(file.relative_to(ROOT)): tops(file) & (FRAMEWORKS | WEB) for file in files(part)}
    assert not {file: names for file, names in guilty.items() if names}


def test_the_domain_does_no_input_and_output_and_knows_no_tables() -> None:
    guilty = {str(file.relative_to(ROOT)): tops(file) & (PURE | FRAMEWORKS | WEB) for file in files("domain")}
    assert not {file: names for file, names in guilty.items() if names}


def test_no_service_imports_another() -> None:
    for service in services():
        others = {f"services.{other.name}" for other in services()} - {f"services.{service.name}"}
        for file in sorted(service.rglob("*.py")):
            reached = {name for name in imports(file) if ".".join(name.split(".")[:2]) in others}
            assert not reached, f"{file} reaches into {reached}"


@pytest.mark.parametrize("part", ["domain", "commands", "reactions", "queries"])
@pytest.mark.parametrize("service", [path.name for path in services()])
def test_importing_the_inside_loads_no_framework(service: str, part: str) -> None:
    """Also not by a detour."""
    if not any((ROOT / "services" / service / name).exists() for name in (part, f"{part}.py")):
        return
    code = f"import sys, services.{service}.{part}; print(*sorted(set(sys.modules) & {FRAMEWORKS!r}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == ""


def test_the_frameworks_are_imported_at_the_edge_only() -> None:
    # the driver's wait callback gives way to other greenlets where there are some, and loads nothing by itself
    allowed = ("shared/messaging", "shared/runtime", "shared/database/connections.py")
    for file in sorted([*(ROOT / "shared").rglob("*.py"), *(ROOT / "services").rglob("*.py")]):
        name = str(file.relative_to(ROOT))
        if name.startswith(allowed):
            continue
        assert not tops(file) & FRAMEWORKS, name


def test_no_drawers_for_everything() -> None:
    names = {"utils", "util", "helpers", "helper", "common", "misc"}
    found = [path for top in ("shared", "services") for path in (ROOT / top).rglob("*") if path.stem in names]
    assert not found
