"""Which version of the software this is."""

import os
from functools import cache
from importlib.metadata import PackageNotFoundError, version

REVISION = "KOMPETEN_REVISION"
"""Variable that an image is built with: the commit its code was taken from."""


@cache
def read_version() -> str:
    """The package's version, and after a plus sign the commit it was built from where that is known: `0.1.0+b53bdb0`.

    `unknown` in a checkout that was never installed.
    """
    try:
        number = version("kompeten")
    except PackageNotFoundError:
        number = "unknown"
    revision = os.environ.get(REVISION, "")
    return f"{number}+{revision[:12]}" if revision else number
