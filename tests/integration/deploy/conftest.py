"""The deployment's own scripts, run as the compose file runs them."""

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from kompeten.services import NAMES

PROJECT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def secrets_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Secret files, each with a value of its own."""
    folder = tmp_path_factory.mktemp("secrets")
    names = [f"{kind}_{service}_password" for kind in ("postgres", "rabbitmq") for service in NAMES]
    names += ["postgres_owner_password", "rabbitmq_topology_password", "store_secret_key", "store_access_key"]
    for name in names:
        (folder / name).write_text(f"contoh-{name}'\\%\n")
    return folder


@pytest.fixture(scope="module")
def script() -> Callable[[str], ModuleType]:
    """A Python file of deploy/ as a module."""

    def load(path: str) -> ModuleType:
        file = PROJECT / "deploy" / path
        spec = importlib.util.spec_from_file_location(f"deploy_{file.stem}", file)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
        return module

    return load
