"""The deployment's own scripts, run as the compose file runs them."""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from shared.settings import SERVICES

PROJECT = Path(__file__).parents[3]


@pytest.fixture
def secrets_folder(tmp_path: Path) -> Path:
    """Secret files, each with a value of its own."""
    names = [f"{kind}_{service}_password" for kind in ("postgres", "rabbitmq") for service in SERVICES]
    names += ["postgres_owner_password", "rabbitmq_topology_password", "store_secret_key", "store_access_key"]
    for name in names:
        (tmp_path / name).write_text(f"contoh-{name}'\\%\n")
    return tmp_path


@pytest.fixture
def script() -> Callable[[str], ModuleType]:
    """A Python file of deploy/ as a module."""

    def load(path: str) -> ModuleType:
        file = PROJECT / "deploy" / path
        spec = importlib.util.spec_from_file_location(f"deploy_{file.stem}", file)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        import sys

        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
        return module

    return load
