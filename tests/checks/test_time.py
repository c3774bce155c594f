"""No test hangs on the speed of the machine: growth and counts are asserted, durations are for `make bench`."""

import ast
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).parents[2]
CLOCKS = {"time", "monotonic", "perf_counter"}


def reads_a_clock(node: ast.AST) -> bool:
    return any(
        isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute) and part.func.attr in CLOCKS
        for part in ast.walk(node)
    )


@pytest.mark.parametrize("path", sorted((ROOT / "tests").rglob("test_*.py")), ids=lambda path: path.stem)
def test_no_duration_is_asserted(path: Path) -> None:
    """A wait may have an end (`assert time.monotonic() < end`); how long something took is no assertion."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Assert):
            taken = [part for part in ast.walk(node) if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Sub)]
            assert not any(map(reads_a_clock, taken)), f"{path}:{node.lineno}"


def test_no_example_is_timed() -> None:
    """hypothesis asserts durations of its own, unless it is told not to (`tests/conftest.py`)."""
    assert settings().deadline is None
    assert HealthCheck.too_slow in settings().suppress_health_check
