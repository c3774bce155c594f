"""Every cookie of this system: out of reach of scripts and other sites, and of other hosts where the address is https.

There each name begins with `__Host-`: browsers take such a cookie over https alone, for this one host and the path `/`,
so that no neighbour under the same domain can put one in its place (RFC 6265bis, 4.1.3).
"""

from flask import request
from werkzeug.wrappers import Response

from shared.settings import settings

PREFIX = "__Host-"


def name_cookie(name: str) -> str:
    """What the browser calls the cookie `name`."""
    return f"{PREFIX}{name}" if settings().cookies_are_secure else name


def read_cookie(name: str) -> str:
    """What the request's cookie `name` holds; empty without one."""
    return request.cookies.get(name_cookie(name), "")


def set_safe_cookie(response: Response, name: str, value: str, max_age: int | None = None, path: str = "/") -> None:
    """Set a cookie that scripts cannot read and other sites cannot send along with a form.

    `path` narrows it where the address is not https; `__Host-` wants `/`.
    """
    secure = settings().cookies_are_secure
    response.set_cookie(
        name_cookie(name),
        value,
        max_age=max_age,
        path="/" if secure else path,
        httponly=True,
        samesite="Lax",
        secure=secure,
    )


def delete_safe_cookie(response: Response, name: str, path: str = "/") -> None:
    """Delete a cookie that `set_safe_cookie` has set with this `path`."""
    set_safe_cookie(response, name, "", max_age=0, path=path)
