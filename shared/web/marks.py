"""What is said on a view itself, as plain attributes: the check before each request, the OpenAPI document and the tests
that walk all routes read the same thing."""

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


def mark_view(name: str, value: object) -> Callable[[View], View]:
    """A decorator that leaves `value` on the view, to be found by `name`."""

    def decorate(view: View) -> View:
        setattr(view, name, value)
        return view

    return decorate


def find_mark(view: Callable[..., Any] | None, name: str) -> Any:
    """The mark on the view or on what it wraps: decorators may stand in any order; None without one."""
    while view is not None:
        found = getattr(view, name, None)
        if found is not None:
            return found
        view = getattr(view, "__wrapped__", None)
    return None
