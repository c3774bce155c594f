"""The door by which text enters: every field of a form, a body, a query and a path is put in order by its type.

Free text is composed and freed of invisible marks; what its model marks as `Code`, and what is no text in the end (a
number, a day, a choice), is read as such. What is marked as `TypedText` (passwords, what was signed) is let through.
"""

import types
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from werkzeug.routing import UnicodeConverter

from shared.pasted_text import AS_TYPED, CODE, Reading, tidy_code, tidy_text


class TidyConverter(UnicodeConverter):
    """A part of a path, as `tidy_code` reads it."""

    def to_python(self, value: str) -> str:
        """The text that the address was meant to have."""
        return tidy_code(value)


def tidy_input(given: Any, annotation: Any) -> Any:
    """Return decoded input with every text in it put in order as `annotation`, a model or a field's type, reads it."""
    if isinstance(given, str):
        return _tidy_leaf(given, annotation)
    if isinstance(given, dict):
        return {name: tidy_input(item, _find_member(annotation, name)) for name, item in given.items()}
    if isinstance(given, list):
        return [tidy_input(item, _find_item(annotation)) for item in given]
    return given


def reading_of(annotation: Any) -> Reading | None:
    """How a field of this type is read: AS_TYPED, CODE, or None for free text."""
    marks = [mark for mark in _walk(annotation) if isinstance(mark, Reading)]
    if AS_TYPED in marks:
        return AS_TYPED
    if CODE in marks or not _is_free_text(annotation):
        return CODE
    return None


def _tidy_leaf(given: str, annotation: Any) -> str:
    reading = reading_of(annotation)
    if reading is AS_TYPED:
        return given
    return tidy_code(given) if reading is CODE else tidy_text(given)


def _is_free_text(annotation: Any) -> bool:
    """Whether the type may be any text; what is of no known type is."""
    kinds = [kind for kind in _walk(annotation) if isinstance(kind, type)]
    return not kinds or str in kinds


def _find_member(annotation: Any, name: str) -> Any:
    """The type of the member `name` of whichever model or mapping `annotation` allows."""
    for kind in _parts(annotation):
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            for own, field in kind.model_fields.items():
                if name in (own, field.alias):
                    return Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
        if get_origin(kind) is dict:
            return get_args(kind)[1]
    # The rows of a form are not a list yet: they stand by their numbers.
    return _find_item(annotation)


def _find_item(annotation: Any) -> Any:
    groups = [kind for kind in _parts(annotation) if get_origin(kind) in (list, tuple, set, frozenset)]
    return get_args(groups[0])[0] if groups else None


def _parts(annotation: Any) -> list[Any]:
    """What a union allows, without its annotations."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _parts(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return [part for each in get_args(annotation) for part in _parts(each)]
    return [annotation]


def _walk(annotation: Any) -> list[Any]:
    """Every type and mark that `annotation` is made of, but None."""
    if annotation is None or annotation is types.NoneType:
        return []
    inner = get_args(annotation)
    if not inner:
        return [annotation]
    return [found for each in inner for found in _walk(each)]
