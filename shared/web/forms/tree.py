"""Flat form fields into nested data: `work.0.employer` (or `work-0-employer`) is the employer in the first row.

Empty fields count as not given, rows with nothing in them are left out, so that the errors' row numbers are those of
the rows shown again.
"""

import types
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from werkzeug.datastructures import MultiDict

from shared.web.bodies import DEPTH
from shared.web.entering import tidy_input
from shared.web.form_state import OWN

ROWS = 200
"""More rows than this in one group are not read."""


def fields_to_tree(
    fields: MultiDict[str, str], model: type[BaseModel], *, keep_empty_rows: bool = False
) -> dict[str, Any]:
    """Flat form fields (`work.0.employer`) as the nested dicts and lists that `model` is checked with."""
    tree: dict[str, Any] = {}
    for name in fields:
        if name in OWN or name.startswith("_"):
            continue
        steps = tuple(name.replace("-", ".").split("."))
        if len(steps) > DEPTH:
            continue
        values = [value.replace("\r\n", "\n").strip() for value in fields.getlist(name)]
        _put(tree, steps, values if _holds_many(model, steps) else values[-1])
    shaped: dict[str, Any] = _shaped(tidy_input(tree, model), model, keep_empty_rows)
    return shaped


def field_type(model: Any, steps: tuple[str, ...]) -> Any:
    """The type of the model's field at a path of `steps`; None where it knows no such field."""
    for step in steps:
        model = _plain(model)
        if isinstance(model, type) and issubclass(model, BaseModel):
            found = next((f for name, f in model.model_fields.items() if step in (name, f.alias)), None)
            model = found.annotation if found else None
        elif get_origin(model) in (list, tuple, set, frozenset):
            model = get_args(model)[0]
        elif get_origin(model) is dict:
            model = get_args(model)[1]
        else:
            return None
    return _plain(model)


def row_of_step(step: str) -> int | None:
    """The row that a step of a path names; None where it names none, or one of too many digits for `int`."""
    return int(step) if step.isdecimal() and len(step) < 9 else None


def _holds_many(model: Any, steps: tuple[str, ...]) -> bool:
    wanted = field_type(model, steps)
    return get_origin(wanted) in (list, set, frozenset, tuple)


def _plain(annotation: Any) -> Any:
    """The type without Annotated and without `| None`."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _plain(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        parts = [part for part in get_args(annotation) if part is not type(None)]
        return _plain(parts[0]) if len(parts) == 1 else annotation
    return annotation


def _put(tree: dict[str, Any], steps: tuple[str, ...], value: Any) -> None:
    *way, last = steps
    for step in way:
        below = tree.setdefault(step, {})
        if not isinstance(below, dict):
            return
        tree = below
    tree.setdefault(last, value)


def _shaped(value: Any, wanted: Any, keep_empty_rows: bool) -> Any:
    wanted = _plain(wanted)
    if isinstance(wanted, type) and issubclass(wanted, BaseModel) and isinstance(value, dict):
        shaped = {name: _shaped(item, field_type(wanted, (name,)), keep_empty_rows) for name, item in value.items()}
        return {name: item for name, item in shaped.items() if not _is_nothing(item)}
    if get_origin(wanted) in (list, set, frozenset, tuple):
        return _rows(value, get_args(wanted)[0], keep_empty_rows)
    if get_origin(wanted) is dict and isinstance(value, dict):
        return {name: _shaped(item, get_args(wanted)[1], keep_empty_rows) for name, item in value.items()}
    return value


def _rows(value: Any, row: Any, keep_empty_rows: bool) -> list[Any]:
    if isinstance(value, list):
        return [item for item in value if item != ""]
    if not isinstance(value, dict):
        return []
    numbered = {number: item for key, item in value.items() if (number := row_of_step(key)) is not None}
    shaped = [_shaped(numbered[number], row, keep_empty_rows) for number in sorted(numbered)[:ROWS]]
    return shaped if keep_empty_rows else [item for item in shaped if not _is_nothing(item) and item != {}]


def _is_nothing(value: Any) -> bool:
    return value == "" or value is None
