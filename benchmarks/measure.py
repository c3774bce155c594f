"""Figures of one run: measured, printed, written."""

import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

RESULTS = Path(__file__).parent / "results.json"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value with its unit (`1/s`, `ms`, `x`: a ratio)."""

    value: float
    unit: str


Figures = dict[str, Figure]


def percentiles(seconds: Sequence[float], prefix: str) -> Figures:
    """p50, p95 and p99 of these durations, in milliseconds."""
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    return {f"{prefix}.{name}": Figure(1000 * cuts[at], "ms") for name, at in (("p50", 49), ("p95", 94), ("p99", 98))}


def spread_of(runs: Sequence[float]) -> float:
    """How far apart the runs of one contender are: (largest - smallest) / median."""
    return (max(runs) - min(runs)) / statistics.median(runs)


def show_runs(runs: Mapping[str, Sequence[float]], unit: str) -> None:
    """Print every run of every contender, its median and its spread."""
    for name, values in runs.items():
        each = " ".join(f"{value:8,.1f}" for value in values)
        print(f"  {name:<14} {each}  median {statistics.median(values):,.1f} {unit}, spread {spread_of(values):.0%}")


def show_figures(figures: Mapping[str, Figure]) -> None:
    """Print the figures, one a line."""
    for name, figure in figures.items():
        print(f"  {name:<44} {figure.value:>12,.2f} {figure.unit}", flush=True)


def write_figures(figures: Mapping[str, Figure]) -> None:
    """Put this run's figures beside those of parts that were not run this time."""
    known = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    known |= {name: {"value": round(figure.value, 3), "unit": figure.unit} for name, figure in figures.items()}
    RESULTS.write_text(json.dumps(dict(sorted(known.items())), indent=2) + "\n")
