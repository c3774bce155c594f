"""Reading one file of the body's data strictly: whatever does not fit is told with its line and what to do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

Content = TypeVar("Content", bound=BaseModel)
SHOWN = 60
"""Characters of a wrong value that are repeated."""


class Strict(BaseModel):
    """Part of a file; a key that is not known is refused, so that a misspelt one is not lost silently."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a file; `line` counts from 1, None where the file as a whole is wrong."""

    file: Path
    line: int | None
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}" if self.line else f"{self.file}: {self.what}"


class BadData(Exception):
    """Files that cannot be used, each fault of each; the message has a line for every one."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = list(faults)


class _Loader(yaml.SafeLoader):
    """YAML without dates: a day that does not exist is told by the model, which knows where it stands."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def parse_file(file: Path, text: str, model: type[Content]) -> Content:
    """Return what `text`, the content of `file`, says. Raises BadData with every fault."""
    try:
        root = yaml.compose(text, Loader=_Loader)
        if twice := list(_find_repeated_keys(root)):
            raise BadData([Fault(file, line, f"{key} stands here a second time: leave one") for line, key in twice])
        return model.model_validate(yaml.load(text, Loader=_Loader))  # noqa: S506 - it is a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = f"this is not YAML: {error.problem or error}; look at indentation, quotes and colons"
        raise BadData([Fault(file, mark.line + 1 if mark else None, what)]) from error
    except ValidationError as error:
        raise BadData([_locate(file, root, one["loc"], one["msg"], one["input"]) for one in error.errors()]) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise BadData([Fault(file, None, f"this cannot be read: {error}")]) from error


def _locate(file: Path, root: yaml.Node | None, place: Sequence[int | str], message: str, given: object) -> Fault:
    """The fault at that place of the content; a key that is missing is told where its neighbours stand."""
    node, line = root, None
    for part in place:
        found = _step(node, part)
        if found is None:
            break
        line, node = found
    where = ".".join(str(part) for part in place) or "the file"
    shown = "" if isinstance(given, dict | list | tuple) or given is None else f" (here: {str(given)[:SHOWN]})"
    return Fault(file, line or (root.start_mark.line + 1 if root else None), f"{where}: {message}{shown}")


def _step(node: yaml.Node | None, part: int | str) -> tuple[int, yaml.Node] | None:
    """The line and the node of one key or position inside a node; None when it is not there."""
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part].start_mark.line + 1, node.value[part]
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return key.start_mark.line + 1, value
    return None


def _find_repeated_keys(node: yaml.Node | None) -> Iterator[tuple[int, str]]:
    """The line and the name of each key that a mapping has twice: YAML would take the last without a word.

    Each part is looked at once, however often the file refers to it: one that refers to itself has no end.
    """
    waiting, looked_at = [node] if node else [], set[int]()
    while waiting:
        one = waiting.pop()
        if id(one) in looked_at:
            continue
        looked_at.add(id(one))
        if isinstance(one, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in one.value:
                if str(key.value) in seen:
                    yield key.start_mark.line + 1, str(key.value)
                seen.add(str(key.value))
                waiting.append(value)
        elif isinstance(one, yaml.SequenceNode):
            waiting += one.value
