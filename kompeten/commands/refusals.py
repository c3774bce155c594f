"""What keeps a command from its work, said in a sentence; the exit status is 1."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from shared.errors import Refusal


@contextmanager
def saying_refusals() -> Iterator[None]:
    """Turn what a service refuses in the block, or what does not fit, into a sentence with each field."""
    try:
        yield
    except ValidationError as error:
        raise click.ClickException("; ".join(_sentence(line) for line in error.errors(include_input=False))) from error
    except Refusal as refusal:
        # a field often says what the refusal says: once is enough
        raise click.ClickException(" ".join(dict.fromkeys([str(refusal), *refusal.fields.values()]))) from refusal


def describe_database_error(error: Exception) -> str:
    """Why a database cannot be asked, in its own first line."""
    return str(getattr(error, "orig", None) or error).strip().partition("\n")[0] or type(error).__name__


def _sentence(error: ErrorDetails) -> str:
    return f"{'.'.join(str(step) for step in error['loc'])}: {error['msg']}"
