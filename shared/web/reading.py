"""What a request gives, as the models its view asks for. Errors come back as one Invalid naming every field."""

import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Union, get_args, get_origin

from flask import request
from pydantic import BaseModel, ValidationError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import UnsupportedMediaType

from shared.web.entering import tidy_input
from shared.web.forms.tree import fields_to_tree
from shared.web.requests import refuse_unstorable_fields
from shared.web.validation import refusal_of

Model = type[BaseModel] | None


@dataclass(frozen=True, slots=True)
class Asked:
    """The models a view names as its `path`, `query`, `form` and `body` parameters."""

    path: Model = None
    query: Model = None
    form: Model = None
    body: Model = None


def read_arguments(asked: Asked, path_values: dict[str, Any]) -> dict[str, Any]:
    """The arguments a view asked for, by name. Raises Invalid, BadRequest (no JSON) and UnsupportedMediaType."""
    given: dict[str, Any] = {}
    if asked.path is not None:
        given["path"] = _made(asked.path.model_validate, tidy_input(path_values, asked.path))
        path_values = {name: value for name, value in path_values.items() if name not in asked.path.model_fields}
    if asked.query is not None:
        given["query"] = _made(asked.query.model_validate, _query(asked.query, request.args))
    if asked.form is not None:
        if request.mimetype not in ("multipart/form-data", "application/x-www-form-urlencoded"):
            raise UnsupportedMediaType
        refuse_unstorable_fields(request)
        given["form"] = _made(
            asked.form.model_validate, {**fields_to_tree(request.form, asked.form), **request.files.to_dict()}
        )
    if asked.body is not None:
        given["body"] = _made(asked.body.model_validate, tidy_input(request.get_json(), asked.body))
    return {**path_values, **given}


def read_query(model: type[BaseModel]) -> Any:
    """The query string as `model`, for pages, which must always show: a value that does not fit counts as not given."""
    values = _query(model, request.args)
    try:
        return model.model_validate(values)
    except ValidationError as error:
        wrong = {str(found["loc"][0]) for found in error.errors(include_url=False) if found["loc"]}
        return model.model_validate({name: value for name, value in values.items() if name not in wrong})


def _made(validate: Callable[..., Any], values: Any) -> Any:
    try:
        return validate(values)
    except ValidationError as error:
        raise refusal_of(error) from error


def _query(model: type[BaseModel], values: MultiDict[str, str]) -> dict[str, Any]:
    lists = {field.alias or name for name, field in model.model_fields.items() if is_list_field(field.annotation)}
    given = {name: values.getlist(name) if name in lists else values[name] for name in values}
    tidied: dict[str, Any] = tidy_input(given, model)
    return tidied


def is_list_field(annotation: Any) -> bool:
    """Whether a field holds many values, also when it may be None."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return is_list_field(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return any(is_list_field(part) for part in get_args(annotation))
    return origin in (list, set, frozenset, tuple) or (
        isinstance(origin, type) and issubclass(origin, list | set | frozenset) and not issubclass(origin, Mapping)
    )
