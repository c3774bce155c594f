"""The single fields of nested form data by their paths, as texts: to see which of them differ."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any

from shared.web.form_state import digest_value
from shared.web.forms.tree import row_of_step

VERSION = "version"


def text_of_value(value: Any) -> str:
    """The value as an HTML field holds it: dates ISO, choices by their code; several choices in one order."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(sorted(text_of_value(each) for each in value))
    return value.isoformat() if isinstance(value, date) else str(value)


def list_leaves(data: Any, path: str = "") -> dict[str, str]:
    """Each field that holds something by its path, with its text; the version of the whole is none of them."""
    return {name: text for name, text in _walk(data, path) if text not in ("", "false") and name != VERSION}


def digest_leaves(data: Any) -> dict[str, str]:
    """Each field that holds something by its path, with a few letters that change with it."""
    return {path: digest_value(path, text) for path, text in list_leaves(data).items()}


def find_leaf(data: Any, path: str) -> Any:
    """The nested value at a path such as `work.0.employer`; None where there is none."""
    for step in path.split("."):
        if isinstance(data, dict):
            data = data.get(step)
        elif isinstance(data, list) and (row := row_of_step(step)) is not None and row < len(data):
            data = data[row]
        else:
            return None
    return data


def put_leaf(data: dict[str, Any], path: str, value: Any) -> None:
    """Put a value at a path into nested data; rows that are missing before it come empty."""
    *way, last = path.split(".")
    here: Any = data
    for step, below in zip(way, [*way[1:], last], strict=True):
        here = _step_into(here, step, [] if row_of_step(below) is not None else {})
    if isinstance(here, dict):
        here[last] = value


def _step_into(here: Any, step: str, empty: Any) -> Any:
    row = row_of_step(step)
    if isinstance(here, list) and row is not None:
        here.extend({} for _ in range(row + 1 - len(here)))
        return here[row]
    if not isinstance(here, dict):
        return None
    if here.get(step) is None or isinstance(here[step], tuple):
        here[step] = list(here.get(step) or empty) if isinstance(empty, list) else empty
    return here[step]


def _walk(data: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(data, Mapping):
        for name, value in data.items():
            yield from _walk(value, f"{path}.{name}" if path else str(name))
    elif isinstance(data, list | tuple) and any(isinstance(each, Mapping) for each in data):
        for row, value in enumerate(data):
            yield from _walk(value, f"{path}.{row}")
    else:
        yield path, text_of_value(data)
