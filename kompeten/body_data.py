"""The body's data of the whole system: which service reads which file, and all of it checked."""

from collections.abc import Iterable
from typing import Any

import click

from kompeten.services import NAMES, find_service
from shared.body_data import BadData, DataFile, data_in_force
from shared.body_data.checking import refuse_bad_data


def list_data_files(names: Iterable[str] = NAMES) -> list[DataFile[Any]]:
    """The files, besides the schemes, that these services read."""
    return [file for name in names for file in find_service(name).data_files]


def stop_on_bad_data(names: Iterable[str] = NAMES) -> None:
    """End the command with what is wrong, line by line, unless these services can work by the data in force."""
    try:
        refuse_bad_data(data_in_force(), list_data_files(names))
    except BadData as bad:
        raise click.ClickException(
            f"the certification body's data cannot be used (kompeten check-data)\n{bad}"
        ) from bad
