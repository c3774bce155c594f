"""Every route of every service, as the walks meet them."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

from werkzeug.routing import Rule

from shared.web import App
from shared.web.access import Access, access_of
from shared.web.internal import INTERNAL

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
VALUES = {"int": "7", "path": "x", "uuid": "", "default": "x", "string": "x"}


@dataclass(frozen=True)
class Route:
    """One rule and method; `access` is None where the view's author said nothing."""

    rule: Rule
    method: str
    access: Access | None

    @property
    def name(self) -> str:
        return f"{self.method} {self.rule.rule}"

    @property
    def is_api(self) -> bool:
        return "/api/" in self.rule.rule

    @property
    def is_internal(self) -> bool:
        return self.access is not None and self.access.bearers == INTERNAL

    def path(self, **known: UUID | str) -> str:
        """The address with `known` arguments filled in, any other made up."""
        parts = [part for part in self.rule._trace if part[1] != "|"]
        return "".join(str(known.get(text, self._made_up(text))) if dynamic else text for dynamic, text in parts)

    def _made_up(self, argument: str) -> str:
        converter = type(self.rule._converters[argument]).__name__
        if converter == "UUIDConverter":
            return str(uuid4())
        return "7" if converter == "IntegerConverter" else "x"


def routes_of(app: App) -> Iterator[Route]:
    """Static files aside, which hold nothing of anybody's."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        for method in METHODS:
            if method in (rule.methods or ()):
                yield Route(rule, method, access_of(app.view_functions[rule.endpoint]))
