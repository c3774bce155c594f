"""The body's data in this process, and the files that a service reads of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar, cast

from pydantic import BaseModel

from shared.body_data.reading import BadData, Fault, parse_file
from shared.body_data.tree import Tree, read_tree
from shared.settings import settings

Content = TypeVar("Content", bound=BaseModel)


@lru_cache(maxsize=1)
def data_in_force() -> Tree:
    """The files by which this process works, read once. Raises BadData."""
    return read_tree(settings().body_data_dir)


@dataclass(frozen=True)
class DataFile(Generic[Content]):
    """A file of the body's data, `name` below the folder, and the model of what it holds."""

    name: str
    model: type[Content]

    def read(self, tree: Tree | None = None) -> Content:
        """Return its content in force in this process, or of `tree`. Raises BadData."""
        tree = tree or data_in_force()
        file = tree.files[self.name]
        return cast(Content, tree.make_once(self.name, lambda: parse_file(file.path, file.text, self.model)))


def check_files(tree: Tree, files: Iterable[DataFile[Any]]) -> list[Fault]:
    """Return every fault of those files."""
    faults: list[Fault] = []
    for file in files:
        try:
            file.read(tree)
        except BadData as bad:
            faults += bad.faults
    return faults
