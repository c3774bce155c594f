"""The JSON API of a service: flask-openapi3 writes the document, the marks on the views say who may use what.

A view names its input as `path`, `query`, `body` (JSON) or `form` (multipart) parameters with pydantic models, and
returns a model, `(model, status)` or `None` (204):

    api = Api("registration")

    @api.post("/applications", responses={201: ApplicationView})
    @allow(APPLICANTS)
    def start(body: StartApplication) -> tuple[ApplicationView, int]:
        with unit_of_work() as session:
            return view_of(commands.start(session, actor(), body)), 201
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPMethod
from types import FunctionType
from typing import Any
from uuid import UUID

from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.data_type import DataType
from flask_openapi3.models.parameter import Parameter
from flask_openapi3.models.parameter_in_type import ParameterInType
from flask_openapi3.models.schema import Schema
from flask_openapi3.models.tag import Tag
from flask_openapi3.types import ParametersTuple, SecuritySchemesDict
from flask_openapi3.utils import parse_rule
from pydantic import BaseModel, RootModel

from shared.web.access import Access, access_of, is_repeatable, limits_of
from shared.web.bodies import mark_inputs
from shared.web.idempotency import HEADER, LONGEST, SHORTEST
from shared.web.reading import Asked, read_arguments

INPUTS = ("path", "query", "body", "form")
BEARER: SecuritySchemesDict = {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}

IDEMPOTENCY_KEY = Parameter(
    name=HEADER,
    param_in=ParameterInType.HEADER,
    required=False,
    description="Random ASCII, of one request: sent again with it, the request is done once and gets the same answer.",
    param_schema=Schema(type=DataType.STRING, minLength=SHORTEST, maxLength=LONGEST, pattern="^[ -~]+$"),
)
"""The header that every POST takes, but for those that may be repeated anyway (decision 91)."""


class ById(BaseModel):
    """Path of one record: rule `/things/<uuid:id>`, view parameter `path: ById`."""

    id: UUID


def file_response(content_type: str, description: str = "The file, as an attachment.") -> dict[str, Any]:
    """The answer of a view that gives a file: `responses={200: file_response("application/pdf")}`."""
    return {"description": description, "content": {content_type: {"schema": {"type": "string", "format": "binary"}}}}


def list_response(model: type[BaseModel]) -> type[BaseModel]:
    """The answer of a view that gives a list: `responses={200: list_response(NoteView)}`."""
    return RootModel[list[model]]  # type: ignore[valid-type]


class Api(APIBlueprint):
    """The blueprint under `/<service>/api`."""

    def __init__(self, service: str) -> None:
        super().__init__("api", service, url_prefix=f"/{service}/api", abp_tags=[Tag(name=service)])
        self.service = service

    def _collect_openapi_info(self, rule: str, func: Callable[..., Any], **options: Any) -> ParametersTuple:
        """Say in the document who may use the operation and how it may refuse."""
        access = access_of(func)
        inputs = {name for name in INPUTS if name in func.__annotations__}
        answers = options["responses"] or {204: None}
        refusals = _refusals(access, inputs, bool(limits_of(func)), gives_file=_gives_file(answers))
        options["responses"] = {**refusals, **answers}
        options["security"] = [] if access and access.anonymous else [{"token": []}]
        options["openapi_extensions"] = {**(options.get("openapi_extensions") or {}), "x-roles": roles_of(access)}
        options["operation_id"] = options.get("operation_id") or func.__name__
        inputs_of_view = super()._collect_openapi_info(rule, _inputs_only(func), **options)
        operation = self.paths[parse_rule(rule, url_prefix=self.url_prefix)].post
        if options["method"] == HTTPMethod.POST and not is_repeatable(func):
            operation.parameters = [*(operation.parameters or []), IDEMPOTENCY_KEY]
        return inputs_of_view

    @staticmethod
    def create_view_func(
        func: Callable[..., Any],
        header: Any,
        cookie: Any,
        path: Any,
        query: Any,
        form: Any,
        body: Any,
        *_: Any,
        **__: Any,
    ) -> Callable[..., Any]:
        """The view with its arguments read by `read_arguments`: the library's reader takes malformed JSON for null."""
        asked = Asked(path=path, query=query, form=form, body=body)

        @wraps(func)
        def view(**path_values: Any) -> Any:
            return func(**read_arguments(asked, path_values))

        return mark_inputs(view, form=form, body=body)


def _inputs_only(func: Callable[..., Any]) -> Callable[..., Any]:
    """The view with the annotations of its inputs alone: the library evaluates all, and cannot evaluate Flask's."""
    seen = FunctionType(func.__code__, func.__globals__, func.__name__, None, func.__closure__)
    seen.__annotations__ = {name: hint for name, hint in func.__annotations__.items() if name in INPUTS}
    seen.__doc__ = func.__doc__
    return seen


def roles_of(access: Access | None) -> list[str]:
    """Who may use a view, for the OpenAPI document: role names, `anybody`, `signed-in`, or who has another key."""
    if access is None:
        return []
    if access.guard is not None:
        return [access.bearers]
    if access.anonymous:
        return ["anybody"]
    return sorted(access.roles) or ["signed-in"]


def _gives_file(answers: dict[Any, Any]) -> bool:
    return any(isinstance(answer, dict) and "content" in answer for answer in answers.values())


def _refusals(access: Access | None, inputs: set[str], is_limited: bool, *, gives_file: bool) -> dict[str | int, Any]:
    statuses = {500: "Unexpected error; nothing was changed."}
    if access is None or not access.anonymous:
        statuses |= {401: "No valid token.", 403: "The role does not allow it."}
    else:
        statuses |= {401: "The token given is not valid.", 403: "A form of another site."}
    if "path" in inputs:
        statuses[404] = "No such record, or somebody else's."
    if inputs & {"body", "form"}:
        statuses |= {
            400: "Not readable.",
            404: "Something it refers to does not exist, or is somebody else's.",
            409: "The record's state does not allow it, or it was changed meanwhile.",
            413: "Too large.",
            415: "Wrong content type.",
        }
    statuses |= {404: statuses.get(404, "No such thing."), 409: statuses.get(409, "Not possible in this state.")}
    statuses[422] = "Invalid; `errors` names each field and what to do."
    if gives_file:
        statuses[410] = "The record is there, its file is lost."
    if is_limited:
        statuses[429] = "Too many tries; see Retry-After."
    statuses[503] = "The database is away; try again."
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": text, "content": problem} for status, text in sorted(statuses.items())}
