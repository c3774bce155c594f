"""The address that all services share in the embedded mode."""

from collections.abc import Callable, Mapping
from typing import Any

from shared.runtime.service import Application

HOME = "registration"
"""The service that answers where no service is named."""


def make_front(applications: Mapping[str, Application]) -> Application:
    """A WSGI application that does what a proxy does in front of containers: the path's first part names the service.

    `/` leads to the home page; a path that names no service is answered (with 404) by the service of the home page.
    """

    def dispatch(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        name = environ.get("PATH_INFO", "").lstrip("/").partition("/")[0]
        if name in applications:
            return applications[name](environ, start_response)
        if name in ("", "favicon.ico"):
            start_response("303 See Other", [("Location", f"/{HOME}/"), ("Content-Length", "0")])
            return [b""]
        return applications[HOME](environ, start_response)

    return dispatch
