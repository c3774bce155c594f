"""Read by every Python that starts with a moved calendar: libfaketime up to 0.9.10 takes its distance off the end of
`clock_nanosleep`, which is what `time.sleep` calls, and so refuses every sleep. A wait for nothing takes as long.
"""

import sys
import time
from importlib.machinery import BuiltinImporter, ModuleSpec
from select import select
from types import ModuleType
from typing import Any, SupportsIndex


def _sleep(seconds: float | SupportsIndex) -> None:
    seconds = float(seconds)
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    select([], [], [], seconds)


class _Time:
    """Gives eventlet, which imports `time` once more for its unpatched self, the same sleep."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        return ModuleSpec("time", _Time, origin="built-in") if name == "time" else None  # type: ignore[arg-type]

    @staticmethod
    def create_module(spec: ModuleSpec) -> ModuleType | None:
        return BuiltinImporter.create_module(spec)

    @staticmethod
    def exec_module(module: ModuleType) -> None:
        BuiltinImporter.exec_module(module)
        module.sleep = _sleep  # type: ignore[attr-defined]


time.sleep = _sleep
sys.meta_path.insert(0, _Time)
