"""Who may use a view, said on the view itself; a view that says nothing refuses everybody (docs/access.md).

The marks are plain attributes (`marks.py`), so that the check before each request, the OpenAPI document and the test
that walks all routes read the same thing.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from shared.security.actor import Actor
from shared.security.roles import Role
from shared.web.marks import View, find_mark, mark_view

_ACCESS = "__kompeten_access__"
_LIMITS = "__kompeten_limits__"
_NO_CSRF = "__kompeten_no_csrf__"
_REPEATABLE = "__kompeten_repeatable__"


@dataclass(frozen=True, slots=True)
class Access:
    """Who may use a view: holders of one of `roles`, or with none anybody signed in; `anonymous` lets everybody in.

    `guard` is for those who have no account: it lets in by another key, and `bearers` is what they are called.
    """

    roles: frozenset[Role] = frozenset()
    anonymous: bool = False
    guard: Callable[[], None] | None = None
    bearers: str = ""

    def admits(self, actor: Actor | None) -> bool:
        """Whether this person may use the view; never for None (nobody signed in) unless the view is for everybody."""
        if self.anonymous:
            return True
        if actor is None or self.guard is not None:
            return False
        return not self.roles or actor.has(*self.roles)


@dataclass(frozen=True, slots=True)
class Limit:
    """How many requests with these methods one network may send to a view; `rate` reads `10/minute`.

    Counted across replicas, or `of_process` alone.
    """

    rate: str
    methods: frozenset[str]
    of_process: bool = False


READING = Limit("600/minute", frozenset({"GET", "HEAD", "OPTIONS"}), of_process=True)
"""What one network may read of a view that needs no account: an office behind one address is many people."""
SENDING = Limit("60/minute", frozenset({"POST", "PUT", "PATCH", "DELETE"}))
"""What it may send to one that says nothing else."""


def allow(*roles: Role | Iterable[Role]) -> Callable[[View], View]:
    """Whoever holds one of these roles may use the view: `@allow(DECIDERS)`, groups of the service's `access.py`."""
    named: set[Role] = set()
    for item in roles:
        named.update([item] if isinstance(item, Role) else item)
    if not named:
        raise ValueError("allow() needs a role; say @signed_in or @public for less")
    return mark_view(_ACCESS, Access(frozenset(named)))


def signed_in(view: View) -> View:
    """Anybody with an account may use the view; the query decides what of it they see."""
    return mark_view(_ACCESS, Access())(view)


def public(view: View) -> View:
    """Anybody may use the view (R21, R22)."""
    return mark_view(_ACCESS, Access(anonymous=True))(view)


def allow_bearers(bearers: str, guard: Callable[[], None]) -> Callable[[View], View]:
    """Only those whom `guard` lets in, none of whom has an account; it raises NotSignedIn for everybody else.

    They show their key in a header, which no other site can have a browser send: such views want no form secret.
    """
    return mark_view(_ACCESS, Access(guard=guard, bearers=bearers))


def limit_rate(
    rate: str, *, methods: Iterable[str] = ("POST", "PUT", "PATCH", "DELETE"), of_process: bool = False
) -> Callable[[View], View]:
    """At most `rate` (`"10/minute"`) requests with `methods` from one network, counted across replicas.

    Of what guards no secret, `of_process` counts those that come to one process.
    """
    return mark_view(_LIMITS, Limit(rate, frozenset(methods), of_process))


def no_csrf(view: View) -> View:
    """The view takes unsafe requests without the form's secret. Only for what does nothing on anybody's behalf."""
    return mark_view(_NO_CSRF, True)(view)


def allow_repeats(view: View) -> View:
    """What the view does may be done twice; its answer, a token or another secret, is not kept: a key is ignored."""
    return mark_view(_REPEATABLE, True)(view)


def access_of(view: Callable[..., Any] | None) -> Access | None:
    """Who may use the view; None where nobody has said."""
    found: Access | None = find_mark(view, _ACCESS)
    return found


def limits_of(view: Callable[..., Any] | None) -> tuple[Limit, ...]:
    """How often one network may use the view, method by method.

    A view that needs no account is never without: where it says nothing, READING and SENDING hold.
    """
    said: Limit | None = find_mark(view, _LIMITS)
    limits = [said] if said else []
    access = access_of(view)
    if access is not None and (access.anonymous or access.guard is not None):
        spoken_for = said.methods if said else frozenset()
        limits += [replace(each, methods=each.methods - spoken_for) for each in (READING, SENDING)]
    return tuple(limit for limit in limits if limit.methods)


def is_csrf_exempt(view: Callable[..., Any] | None) -> bool:
    """Whether the view takes unsafe requests without the secret of a form."""
    return bool(find_mark(view, _NO_CSRF))


def is_repeatable(view: Callable[..., Any] | None) -> bool:
    """Whether the view takes no heed of an `Idempotency-Key`."""
    return bool(find_mark(view, _REPEATABLE))
