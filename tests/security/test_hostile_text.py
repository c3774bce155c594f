"""Texts that Python's own functions raise on, at every door of every route: refused, never an error of ours.

`urlsplit`, `hmac.compare_digest`, `int`, `fromisoformat`, `b64decode`, `ip_address`, `UUID`, `json.loads` and the like
raise ValueError, TypeError, OverflowError or RecursionError where a stranger writes what they do not expect.
"""

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from urllib.parse import quote
from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from kompeten.services import NAMES
from shared.security.roles import Role
from tests.security.body import Body, bearer, person
from tests.security.routes import Route, routes_of

DIGITS = "9" * 5000
DEEP = "[" * 9000
TEXTS = {
    "half an address": "http://[",
    "an address of nobody": "//[::1]x/",
    "a port too large": "http://a:999999/",
    "letters beyond ASCII": "\u00e9\u00b2\u2460\u0663",
    "digits": DIGITS,
    "digits of another script": "\u0663\u0664" * 20,
    "superscript": "\u00b2",
    "a large number": "9223372036854775808",
    "a negative number": "-1",
    "infinity": "inf",
    "no number": "nan",
    "an exponent": "1e999",
    "a year too far": "99999-99-99",
    "a day that is none": "2026-02-30T25:61:61+99:99",
    "the first day": "0001-01-01T00:00:00+14:00",
    "the last day": "9999-12-31T23:59:59-14:00",
    "half a base64": "a",
    "an address of IPv6": "fe80::1%" + "x" * 50,
    "a percent": "%",
    "a broken escape": "%ff%fe%c0%80",
    "brackets": DEEP[:5000],
    "a dotted path": "a.0.b.-1.c",
}
LATIN = {name: text for name, text in TEXTS.items() if text.isascii() or text == "\u00b2"}
DEEP_BASE64 = urlsafe_b64encode(DEEP.encode()).decode()


def token_of(head: bytes) -> str:
    return f"{urlsafe_b64encode(head).decode().rstrip('=')}.e30.AAAA"


TOKENS = {
    **LATIN,
    "a head of brackets": token_of(DEEP.encode()),
    "a head of digits": token_of(b'{"alg":' + DIGITS.encode() + b"}"),
    "a head of lists": token_of(b'{"alg":["EdDSA"],"typ":"JWT"}'),
    "a kid of objects": token_of(b'{"alg":"EdDSA","kid":{}}'),
    "a head of no text": token_of(b"\xff\xfe"),
}
HEADERS = (
    "Origin",
    "Host",
    "Referer",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "Forwarded",
    "X-Request-ID",
    "X-CSRF-Token",
    "Accept",
    "Accept-Language",
    "Content-Type",
    "If-None-Match",
    "If-Modified-Since",
    "If-Range",
    "Range",
    "Sec-Fetch-Site",
    "Idempotency-Key",
    "Cookie",
)
COOKIES = ("kompeten_token", "kompeten_form", "kompeten_notice", "kompeten_language", "kompeten_session")
QUERIES = ("page", "size", "sort", "after", "from", "to", "lang", "next", "key", "name", "expires", "signature", "q")
EVERYBODY = person(*Role)


@pytest.fixture(params=NAMES)
def routes(body: Body, request: pytest.FixtureRequest) -> list[Route]:
    return list(routes_of(body.services[request.param].app))


def ask(body: Body, route: Route, address: str = "", *, signed_in: bool = True, **asked: object) -> TestResponse:
    service = route.rule.rule.split("/")[1]
    headers = {**(bearer(EVERYBODY) if signed_in else {}), **asked.pop("headers", {})}  # type: ignore[dict-item]
    client = body.services[service].app.test_client(use_cookies=False)
    asker = {"REMOTE_ADDR": ".".join(str(part) for part in uuid4().bytes[:4])}
    return client.open(address or route.path(), method=route.method, headers=headers, environ_base=asker, **asked)  # type: ignore[arg-type]


def wrong(answers: Iterator[tuple[str, TestResponse]]) -> list[str]:
    return [what for what, answer in answers if answer.status_code >= 500 and answer.status_code != 503]


def some(routes: list[Route]) -> list[Route]:
    """A read and a write, of pages and of the API: what is done with headers is done for all alike."""
    kinds = {(route.is_api, route.method == "GET"): route for route in routes}
    return list(kinds.values())


def test_headers(body: Body, routes: list[Route]) -> None:
    assert not wrong(
        (f"{route.name} {header} {name}", ask(body, route, headers={header: text}, signed_in=signed_in))
        for route in some(routes)
        for header in HEADERS
        for name, text in {**LATIN, "bytes": f"bytes=0-{DIGITS}", "a date": "Mon, 99 Foo 99999 99:99:99 GMT"}.items()
        for signed_in in (True, False)
    )


def test_static_files(body: Body) -> None:
    client = body.services["registration"].app.test_client()
    for header in HEADERS:
        for name, text in {**LATIN, "bytes": f"bytes=0-{DIGITS}", "a date": "Mon, 99 Foo 99999 99:99:99 GMT"}.items():
            with client.get("/registration/static/kompeten.css", headers={header: text}) as answer:
                assert answer.status_code < 500, (header, name)


def test_tokens_and_cookies(body: Body, routes: list[Route]) -> None:
    def answers() -> Iterator[tuple[str, TestResponse]]:
        for route in some(routes):
            for name, text in TOKENS.items():
                yield f"{route.name} Bearer {name}", ask(body, route, headers={"Authorization": f"Bearer {text}"})
                for cookie in COOKIES:
                    headers = {"Cookie": f"{cookie}={text}"}
                    yield f"{route.name} {cookie} {name}", ask(body, route, headers=headers, signed_in=False)
            for cookie in COOKIES:
                headers = {"Cookie": f"{cookie}={DEEP_BASE64}"}
                yield f"{route.name} {cookie} deep", ask(body, route, headers=headers, signed_in=False)

    assert not wrong(answers())


def test_paths(body: Body, routes: list[Route]) -> None:
    def answers() -> Iterator[tuple[str, TestResponse]]:
        for route in routes:
            for name, text in TEXTS.items():
                known = dict.fromkeys(route.rule.arguments, quote(text, safe="%"))
                if known:
                    yield f"{route.name} {name}", ask(body, route, route.path(**known))

    assert not wrong(answers())


def test_queries(body: Body, routes: list[Route]) -> None:
    def answers() -> Iterator[tuple[str, TestResponse]]:
        for route in routes:
            if route.method == "GET":
                for name, text in TEXTS.items():
                    query = "&".join(f"{key}={quote(text, safe='%')}" for key in QUERIES)
                    yield f"{route.name} {name}", ask(body, route, f"{route.path()}?{query}")

    assert not wrong(answers())


def test_forms(body: Body, routes: list[Route]) -> None:
    def answers() -> Iterator[tuple[str, TestResponse]]:
        for route in routes:
            if route.method == "POST" and not route.is_api:
                for name, text in TEXTS.items():
                    for fields in (
                        {"_remove": f"work.{text}", "csrf_token": text, "way": "number"},
                        {"_add": text, f"work.{text}.since": text, text: text},
                        dict.fromkeys((*QUERIES, "version", "email", "number", "code", "text", "full"), text),
                    ):
                        yield f"{route.name} {name} {[*fields]}", ask(body, route, data=fields)

    assert not wrong(answers())


def test_json(body: Body, routes: list[Route]) -> None:
    def answers() -> Iterator[tuple[str, TestResponse]]:
        for route in routes:
            if route.method in ("POST", "PUT", "PATCH") and route.is_api:
                names = _fields_of(body, route)
                for name, text in TEXTS.items():
                    yield f"{route.name} {name}", ask(body, route, json=dict.fromkeys(names, text))

    assert not wrong(answers())


def _fields_of(body: Body, route: Route) -> list[str]:
    """The names of all fields in the service's document: those that a route knows are among them."""
    document = body.services[route.rule.rule.split("/")[1]].app.api_doc
    schemas = document["components"]["schemas"]
    return sorted({field for schema in schemas.values() for field in schema.get("properties", {})})
