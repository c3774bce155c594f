"""The whole of the body's data checked before a service starts with it."""

from collections.abc import Iterable
from typing import Any

from shared.body_data.files import DataFile, check_files
from shared.body_data.reading import BadData, Fault
from shared.body_data.tree import Tree
from shared.schemes import load_schemes


def list_faults(tree: Tree, files: Iterable[DataFile[Any]]) -> list[Fault]:
    """Return every fault of the schemes and of `files`."""
    faults = check_files(tree, files)
    try:
        tree.make_once("schemes", lambda: load_schemes(tree))
    except BadData as bad:
        faults += bad.faults
    return faults


def refuse_bad_data(tree: Tree, files: Iterable[DataFile[Any]]) -> None:
    """Raise BadData, with every fault, unless the schemes and `files` can all be used."""
    if faults := list_faults(tree, files):
        raise BadData(faults)
