"""One HTTP application per service, all of its addresses below `/<service>`."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

from flask import Blueprint, Flask, Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI
from pydantic import BaseModel
from pydantic_core import to_json

from shared.access_log import LOOK_NAMES
from shared.active_content.kinds import NAMES as ACTIVE_CONTENT_NAMES
from shared.database.unit import Database
from shared.errors import N_, Forbidden
from shared.kept_files.words import FILE_STATE_NAMES
from shared.messaging.context import correlation
from shared.observability.metrics import CONTENT_TYPE_LATEST, render_metrics
from shared.observability.report import read_status
from shared.observability.status import ServiceStatus
from shared.settings import settings
from shared.web import (
    authentication,
    form_state,
    formats,
    headers,
    idempotency,
    kept_forms,
    limits,
    navigation,
    notices,
    problems,
    translation,
)
from shared.web.access import access_of, is_csrf_exempt, is_repeatable, limits_of, public
from shared.web.active_content import list_in_words
from shared.web.api import BEARER, Api
from shared.web.bodies import largest_body, refuse_large_body
from shared.web.entering import TidyConverter
from shared.web.forms import restoring
from shared.web.internal import internal
from shared.web.navigation import Navigation, Place
from shared.web.proxies import BelievingProxies
from shared.web.requests import Request, StrictJson, refuse_unstorable_fields, refuse_unstorable_parameters
from shared.web.role_names import ROLE_NAMES
from shared.web.superseded import Generations
from shared.web.typed_route import add_typed_route
from shared.web.work import DATABASE, current_database

HERE = Path(__file__).parent
ABOUT = (
    "Every POST takes the header `Idempotency-Key` (16 to 200 random ASCII characters), kept for 48 hours: the same "
    "key with the same body is done once and gets the same answer, with `Idempotency-Replayed: true`; with another "
    "body 422 (`idempotency-key-reused`); while it is at work 409 (`idempotency-at-work`, see Retry-After)."
)
"""What the OpenAPI document says of all operations."""
READY_SECONDS = 3.0
"""Less than a probe waits for its answer (5 s in the compose file)."""

NOT_ALLOWED = N_("Anda tidak berwenang melakukan ini. Masuk dengan akun yang berwenang, atau hubungi LSP.")


class App(OpenAPI):
    """Flask with the answers and requests of this project."""

    request_class = Request
    json_provider_class = StrictJson

    def make_response(self, rv: Any) -> Response:
        """Views may answer with a pydantic model, `(model, status)`, or None for 204."""
        if rv is None:
            return Response(status=204)
        body, *rest = rv if isinstance(rv, tuple) else (rv,)
        if isinstance(body, BaseModel) or (isinstance(body, list) and all(isinstance(i, BaseModel) for i in body)):
            body = Response(to_json(body, by_alias=True), content_type="application/json")
        elif body is None:
            body = Response()
        return super().make_response((body, *rest) if rest else body)


SHARED_LABELS = (ROLE_NAMES, FILE_STATE_NAMES, LOOK_NAMES, ACTIVE_CONTENT_NAMES)
"""What states and choices that every service has are called."""


def create_app(
    service: str,
    database: Database,
    *,
    api: Api | None = None,
    pages: Sequence[Blueprint] = (),
    title: str = "",
    labels: Mapping[Any, str] | Sequence[Mapping[Any, str]] = (),
    menu: Sequence[Place] = (),
    places: Navigation | None = None,
    catalogues: Sequence[Path] = (),
    report: Callable[[], ServiceStatus] | None = None,
) -> App:
    """The WSGI application of `service`.

    `labels` says what states and choices are called (msgids) wherever one is shown: one mapping, or several where two
    kinds share a code (members of two StrEnums with the same code are one key of a mapping). `menu` adds places inside
    the service, each shown to its roles (`frozenset()` of roles: to everybody signed in). `places` is the navigation of
    the whole system, `catalogues` are the English .po files besides those of `shared`. `report` gives what `/status`
    and `/metrics` say.
    """
    app = App(
        __name__,
        info=Info(title=title or f"Kompeten: {service}", version="1.0.0", description=ABOUT),
        security_schemes=BEARER,
        validation_error_model=problems.Problem,
        doc_ui=False,
        static_url_path=f"/{service}/static",
        static_folder=str(HERE / "static"),
        template_folder=str(HERE / "templates"),
    )
    app.url_map.strict_slashes = False
    app.url_map.converters |= {"default": TidyConverter, "string": TidyConverter}
    app.config["MAX_CONTENT_LENGTH"] = largest_body()
    app.extensions |= {
        limits.SERVICE: service,
        formats.LABELS: formats.merge_labels(*SHARED_LABELS, *_parts(labels)),
        navigation.NAVIGATION: places or Navigation(),
        translation.CATALOGUES: (*translation.SHARED_CATALOGUES, *catalogues),
    }
    give_database(app, database)
    app.before_request(_check_request)
    app.before_request(_begin_once)
    for finish in (kept_forms.settle_typed, _keep_answer, form_state.carry_browser_secret, notices.carry_notices):
        app.after_request(finish)
    headers.install_headers(app)
    limits.install_limits(app)
    problems.install_problems(app)
    _offer_to_templates(app, service, menu)
    app.register_blueprint(_service_routes(app, service, report or (lambda: read_status(database))))
    if api is not None:
        app.register_api(api)
    for blueprint in pages:
        app.register_blueprint(blueprint)
    proxies = settings().proxies
    if proxies:
        app.wsgi_app = BelievingProxies(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]
    return app


def give_database(app: Flask, database: Database) -> None:
    """Let the application work on this database from now on."""
    web = database.for_web()
    app.extensions |= {DATABASE: web, authentication.GENERATIONS: Generations(web)}


def _parts(labels: Mapping[Any, str] | Sequence[Mapping[Any, str]]) -> Sequence[Mapping[Any, str]]:
    return [labels] if isinstance(labels, Mapping) else labels


def _check_request() -> ResponseReturnValue | None:
    """Ask before every request who may use the view and whether it was sent from a page of ours.

    What is refused is refused before the view reads anything: who may not use it learns nothing from it.
    """
    asked = cast(Request, request)
    correlation.set(asked.request_id)
    view = current_app.view_functions.get(request.endpoint or "")
    asked.body_limit = refuse_large_body(request, view)
    refuse_unstorable_parameters(request)
    if request.endpoint == "static":
        return None
    if view is None:
        limits.count_stranger()
        return None
    access = access_of(view)
    limits.count_request(limits_of(view))
    if access is None:
        raise Forbidden("not-allowed", NOT_ALLOWED)
    if access.guard is not None:
        access.guard()
        return None
    # A token that is sent to a public view must be a good one: a program is told that it has expired.
    if not access.anonymous or authentication.bears_token():
        if authentication.current_actor_or_none() is None:
            limits.count_stranger()
        actor = authentication.current_actor()
        if not access.admits(actor):
            raise Forbidden("not-allowed", NOT_ALLOWED)
    if not is_csrf_exempt(view):
        json_api = request.blueprint == "api"
        if not json_api and request.method == "POST":
            refuse_unstorable_fields(request)
        shown_here = partial(form_state.is_shown_form, anonymous=access.anonymous)
        authentication.refuse_other_sites(json_api=json_api, shown_here=shown_here)
    return None


def _begin_once() -> ResponseReturnValue | None:
    """Answer at once what was asked and done before (`idempotency.py`)."""
    if request.endpoint is None or is_repeatable(current_app.view_functions[request.endpoint]):
        return None
    return idempotency.begin_once(current_database(), is_api=request.blueprint == "api")


def _keep_answer(response: Response) -> Response:
    """Keep the answer for whoever asks the same again."""
    return idempotency.keep_answer(current_database(), response)


def _service_routes(app: App, service: str, report: Callable[[], ServiceStatus]) -> Blueprint:
    """The routes every service has: its OpenAPI document; two probes for whoever runs it; inside the system, a report.

    The probes are for machines that start and stop processes: a part that others need does not make them fail.
    """
    plumbing = Blueprint("plumbing", __name__, url_prefix=f"/{service}")

    @plumbing.get("/openapi.json")
    @public
    def openapi() -> Response:
        return jsonify(app.api_doc)

    @plumbing.get("/health")
    @public
    def health() -> Response:
        return jsonify(status="ok", service=service)

    @plumbing.get("/ready", endpoint=problems.READY)
    @public
    def ready() -> Response:
        current_database().check_answer(READY_SECONDS)
        return jsonify(status="ok", service=service)

    @plumbing.get("/status")
    @internal
    def status() -> Response:
        return Response(to_json(report()), content_type="application/json")

    @plumbing.get("/metrics")
    @internal
    def metrics() -> Response:
        return Response(render_metrics(report()), content_type=CONTENT_TYPE_LATEST)

    add_typed_route(plumbing)
    return plumbing


def _offer_to_templates(app: Flask, service: str, menu: Sequence[Place]) -> None:
    """Give every template its filters and the functions it may call."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(formats.FILTERS)
    app.jinja_env.globals.update(
        _=translation.gettext,
        ngettext=translation.ngettext,
        language=translation.current_language,
        csrf_token=authentication.csrf_token,
        form_key=idempotency.make_form_key,
        actor=authentication.current_actor_or_none,
        notices=notices.take_notices,
        navigation=navigation,
        asset=lambda name: f"/{service}/static/{name}?v={_fingerprint(name)}",
        here=_here,
        is_filtered=_is_filtered,
        label=formats.label_of,
        listed=list_in_words,
        lsp_name=settings().lsp_name,
        service=service,
        service_menu=lambda: [place for place in menu if _is_offered(place)],
        choices=formats.choices_of,
        is_past=formats.is_past,
        **restoring.FUNCTIONS,
        tone_of=formats.tone_of,
        upload_mb=settings().upload_mb,
        trial=settings().trial,
    )


def _is_offered(place: Place) -> bool:
    actor = authentication.current_actor_or_none()
    return actor is not None and place.exists and (not place.roles or actor.has(*place.roles))


def _here(**changes: Any) -> str:
    """This page's address with some of its query changed; None takes a parameter away."""
    query = {**request.args.to_dict(), **{name: str(value) for name, value in changes.items() if value is not None}}
    query = {name: value for name, value in query.items() if changes.get(name, "") is not None}
    return f"{request.path}?{urlencode(query)}" if query else request.path


def _is_filtered() -> bool:
    """Whether the address of a list asks for part of it, not only for a page, an order or a language."""
    return any(value for name, value in request.args.items() if name not in {"page", "size", "sort", "lang"})


@cache
def _fingerprint(name: str) -> str:
    """A text that changes with a static file, put in its address, so that browsers may keep the file until then."""
    return sha256((HERE / "static" / name).read_bytes()).hexdigest()[:12]
