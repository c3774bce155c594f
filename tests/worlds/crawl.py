"""Everything one person can ask of a system, in an order that follows from the system alone.

First every address of the route table: with words and filters, and with the key of every record that some system has
and that the person must not know of. Then every link of every page, and last every form and every act of the API, with
nonsense in it. What arrives by mail is read at the end.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from html import unescape
from itertools import islice, product
from unittest.mock import patch

from werkzeug.test import Client as Asker

from shared.security.actor import Actor
from shared.security.counters import ProcessCounters
from shared.security.tokens import verify_token
from shared.settings import settings
from tests.security.routes import Route, routes_of
from tests.worlds.plain import Names, read_answer
from tests.worlds.world import World, drawn_by

STATIC = re.compile(r"/(static|openapi\.json|health|ready|metrics|status)\b|asyncapi|/schemas?/")
"""Nobody's data: what is the same for all, and what ails. Nobody outside the internal network reaches the rest."""
ENDS_IT = re.compile(r"sign-out|sessions/end|/deactivate|trial/clock|sign-in\?")
"""What would end the look around; and the way back to each page from signing in, which its redirect names already."""
LINK = re.compile(r"""(?:href|src)="(/[^"#]*)""")
FORM = re.compile(r"""<form\b[^>]*?>.*?</form>""", re.DOTALL)
ACTION = re.compile(r"""\baction="([^"]*)""")
INPUT = re.compile(r"""<(?:input|select|textarea|button)\b[^>]*?\bname="([^"]+)""")
TOKEN = re.compile(r"""name="csrf_token" value="([^"]+)""")
PATH = re.compile(r""""(/(?:registration|assessment|decision|certificate|surveillance|notification)/[^"]*)""")
NONSENSE = "<b>tidak masuk akal</b>"
SORTS = ("sort=-since", "size=1", "status=appealed")
PAGED = re.compile(r'"total":|name="q"|name="status"|csv')
MOST_LINKS = 120
MOST_KEYS = 30
CLOSED_KEYS = 2
"""Keys for a route that is closed to the visitor's roles: refused before it reads anything (`shared/web/app.py`)."""


@dataclass(frozen=True)
class Visitor:
    """Who looks: the name in the cast, and the address mails go to. Nobody has neither."""

    name: str
    email: str = ""


@dataclass
class Journey:
    """What was asked, in order, and what was answered."""

    visitor: Visitor
    answers: dict[str, str] = field(default_factory=dict)
    names: Names = field(default_factory=Names)


def crawl(
    world: World, visitor: Visitor, token: str, keys: dict[str, list[str]], words: Iterable[str], parts: str = ""
) -> Journey:
    """Ask all there is to ask, of the routes whose rule matches `parts`.

    `keys` by service and `words` belong to the case that is not to be known of.
    """
    assert world.body is not None
    journey = Journey(visitor)
    actor = verify_token(token).actor if visitor.email else None
    asker = Asker(world.body.front)
    visit = _Visit(asker, journey, {"Authorization": f"Bearer {token}"} if token else {})
    routes = [route for service in world.body.services.values() for route in routes_of(service.app)]
    routes = [route for route in routes if not route.is_internal and not STATIC.search(route.rule.rule)]
    routes = [route for route in routes if re.search(parts, route.rule.rule)]
    with world.step("look"):
        for address in _read_addresses(routes, keys, actor):
            visit.get(address)
        visit.vary([*SORTS, *(f"q={word}" for word in words)])
        if not parts:
            visit.follow_links()
        visit.send_forms()
        for method, address in _act_addresses(routes, keys, actor):
            visit.send(method, address)
        journey.answers["mails"] = journey.names.hide_ids("\n\n".join(_list_mails(visitor.email)))
    return journey


class _Visit:
    def __init__(self, asker: Asker, journey: Journey, headers: dict[str, str]) -> None:
        self._asker = asker
        self._journey = journey
        self._headers = headers
        self._links: dict[str, None] = {}
        self._asked: set[str] = set()
        self._lists: list[str] = []
        self._forms: dict[str, dict[str, str]] = {}

    def get(self, address: str) -> None:
        if address in self._asked or ENDS_IT.search(address) or STATIC.search(address):
            return
        self._asked.add(address)
        text = self._ask("GET", address, {})
        if "?" not in address and PAGED.search(text):
            self._lists.append(address)
        self._links |= dict.fromkeys(unescape(found) for found in (*LINK.findall(text), *PATH.findall(text)))
        for form in FORM.findall(text):
            self._note_form(address, form)

    def vary(self, queries: list[str]) -> None:
        """Every list again with words, orders, sizes and filters."""
        for address in list(self._lists):
            for query in queries:
                self.get(f"{address}?{query}")

    def follow_links(self) -> None:
        """Every link of every page, and of the pages those lead to."""
        most = len(self._asked) + MOST_LINKS
        while (waiting := [link for link in self._links if link not in self._asked]) and len(self._asked) < most:
            for link in waiting:
                self.get(link)
                self._asked.add(link)

    def send_forms(self) -> None:
        for action, fields in list(self._forms.items()):
            if not ENDS_IT.search(action):
                self._ask("POST", action, {"data": fields})

    def send(self, method: str, address: str) -> None:
        if not ENDS_IT.search(address):
            self._ask(method, address, {"json": {}} if "/api/" in address else {"data": {}})

    def _note_form(self, address: str, form: str) -> None:
        if 'method="post"' not in form.lower():
            return
        action = ACTION.search(form)
        fields = dict.fromkeys(INPUT.findall(form), NONSENSE)
        if token := TOKEN.search(form):
            fields["csrf_token"] = token.group(1)
        self._forms.setdefault(unescape(action.group(1)) if action and action.group(1) else address, fields)

    def _ask(self, method: str, address: str, options: dict[str, object]) -> str:
        with drawn_by(f"{method} {address}"), patch.object(ProcessCounters, "incr", lambda *_, **__: 0):
            answer = self._asker.open(address, method=method, headers=self._headers, **options)  # type: ignore[arg-type]
            text = read_answer(answer)
            answer.close()
        names = self._journey.names
        self._journey.answers[names.hide_ids(f"{method} {address}")] = names.hide_ids(text)
        return text


def _read_addresses(routes: list[Route], keys: dict[str, list[str]], actor: Actor | None) -> Iterator[str]:
    for route in routes:
        if route.method == "GET":
            yield from _fill(route, keys, actor) if route.rule.arguments else (route.path(),)


def _act_addresses(routes: list[Route], keys: dict[str, list[str]], actor: Actor | None) -> Iterator[tuple[str, str]]:
    for route in routes:
        if route.method != "GET" and route.rule.arguments:
            yield from ((route.method, address) for address in _fill(route, keys, actor))


def _fill(route: Route, keys: dict[str, list[str]], actor: Actor | None) -> Iterator[str]:
    """The route's address for each of the keys of its service; for several arguments, some of their combinations."""
    arguments = sorted(route.rule.arguments)
    known = keys.get(route.rule.rule.split("/")[1], [])
    access = route.access
    is_open = access is None or access.guard is not None or access.admits(actor)
    for chosen in islice(product(known, repeat=len(arguments)), MOST_KEYS if is_open else CLOSED_KEYS):
        yield route.path(**dict(zip(arguments, chosen, strict=True)))


def _list_mails(address: str) -> list[str]:
    """What has arrived at an address, each with its headers and its text."""
    if not address:
        return []
    folder = settings().data_dir / "mail"
    found = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in sorted(folder.glob("*.eml"))]
    return sorted(
        "\n".join([*(f"{name}: {value}" for name, value in one.items() if name != "Date"), one.get_content()])
        for one in found
        if address in str(one["To"])
    )
