"""nameko, eventlet and kombu stay at the edge: that wall is what makes them replaceable (decisions 2, 50)."""

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


def rooms(service: Path) -> list[Path]:
    """The service's folder, and its packages that have the frame inside (certificate's `making`, `paper` ...)."""
    own = [path for path in sorted(service.iterdir()) if (path / "__init__.py").exists()]
    return [service, *(path for path in own if path.name not in (*INSIDE, "api", "pages", "migrations"))]


def files(part: str) -> list[Path]:
    found = [path for service in services() for room in rooms(service) for path in (room / f"{part}.py", room / part)]
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


def could_be_imported(text: str) -> bool:
    """Whether a string names one of our modules, or begins to, as the f-string `services.{name}` does.

    Exchanges, queues and loggers are called `kompeten.` too: there it must be a module that exists.
    """
    top, _, rest = text.partition(".")
    if top == "kompeten":
        name = ROOT / "kompeten" / rest.partition(".")[0]
        return bool(rest) and (name.is_dir() or name.with_suffix(".py").exists())
    return top == "services" and " " not in text


def names_of_modules(file: Path) -> set[str]:
    """What a file imports, and what it could import by a string."""
    strings = {
        node.value
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and could_be_imported(node.value)
    }
    return imports(file) | strings


def reached(file: Path, *forbidden: str) -> set[str]:
    """Modules at or below `forbidden` that a file names."""
    return {
        name for name in names_of_modules(file) if any(name == top or name.startswith(f"{top}.") for top in forbidden)
    }


def test_what_is_shared_knows_no_service_and_not_who_puts_them_together() -> None:
    guilty = {
        str(file.relative_to(ROOT)): found
        for file in sorted((ROOT / "shared").rglob("*.py"))
        if (found := reached(file, "services", "kompeten"))
    }
    assert not guilty


def test_no_service_imports_another_or_who_puts_them_together() -> None:
    for service in services():
        others = [f"services.{other.name}" for other in services() if other != service]
        for file in sorted(service.rglob("*.py")):
            found = reached(file, "kompeten", *others)
            assert not found, f"{file} reaches into {found}"


@pytest.mark.parametrize(
    "code",
    [
        "import services.decision.reactions",
        "from services import decision",
        "from services.decision import models",
        "def late():\n    from services.decision import models",
        "import_module(f'services.{name}.reactions')",
        "find_spec('services.decision')",
        "import_module('kompeten.services')",
        "MODULE = 'services'\nimport_module(MODULE)",
    ],
)
def test_the_wall_is_seen_from_every_side(code: str, tmp_path: Path) -> None:
    file = tmp_path / "one.py"
    file.write_text(code)
    assert reached(file, "services", "kompeten")


def test_shared_loads_no_service_by_a_detour() -> None:
    modules = [
        ".".join(file.relative_to(ROOT).with_suffix("").parts)
        for file in sorted((ROOT / "shared").rglob("*.py"))
        if "alembic" not in file.parts and "shared_tables" not in file.parts and file.name != "__init__.py"
    ]
    code = (
        f"import importlib, sys\nfor module in {modules!r}: importlib.import_module(module)\n"
        "print(*[name for name in sys.modules if name.partition('.')[0] in ('services', 'kompeten')])"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""


@pytest.mark.parametrize("part", ["domain", "commands", "reactions", "queries"])
@pytest.mark.parametrize("service", [path.name for path in services()])
def test_importing_the_inside_loads_no_framework(service: str, part: str) -> None:
    """Also not by a detour."""
    having = [
        room for room in rooms(ROOT / "services" / service) if (room / part).exists() or (room / f"{part}.py").exists()
    ]
    modules = [".".join((*room.relative_to(ROOT).parts, part)) for room in having]
    if not modules:
        return
    code = f"import sys, {', '.join(modules)}; print(*sorted(set(sys.modules) & {FRAMEWORKS!r}))"
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
    found = [
        path for top in ("shared", "services", "kompeten") for path in (ROOT / top).rglob("*") if path.stem in names
    ]
    assert not found
