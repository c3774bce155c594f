"""Who calls what is slow (rendering, hashing, the store, mail, HTTP) between the begin and the end of a transaction.

By reading the source: every `with` that opens a unit of work, the functions called in it, those these call, and so on.
"""

import ast
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("services", "kompeten", "shared")
PLAYED = "kompeten/demo"
"""The demo asks by HTTP; its functions are called as the commands are."""
OPENERS = frozenset({"unit_of_work", "noting_look", "reading"})
SLOW = frozenset(
    {
        "HTTPConnection",
        "SMTP",
        "hash_password",
        "make_certificate_photo",
        "object_store",
        "offload",
        "offload_within",
        "password_fits",
        "read_file_lines",
        "render_pdf",
        "side_by_side",
        "sleep",
        "system_mailer",
        "urlopen",
    }
)
"""Functions that take a processor, a disk or a network."""


@dataclass(frozen=True)
class SlowCall:
    """A call within a transaction, and the way from it to what is slow."""

    place: str
    way: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.place}: {' -> '.join(self.way)}"


def list_slow_calls(slow: frozenset[str] = SLOW) -> list[SlowCall]:
    """Every call inside a transaction that leads to something slow."""
    files = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
    trees = {path: ast.parse(path.read_text()) for path in files if not path.is_relative_to(ROOT / PLAYED)}
    code = Code(trees, slow)
    found = []
    for path, tree in trees.items():
        for block in ast.walk(tree):
            if isinstance(block, ast.With) and any(_opens(item) for item in block.items):
                called = {call for statement in block.body for call in code.calls_in(path, statement)}
                ways = [way for call in sorted(called, key=str) if (way := code.way_to_slow(call))]
                found += [SlowCall(f"{path.relative_to(ROOT)}:{block.lineno}", way) for way in ways]
    return found


Function = tuple[Path | None, str]
"""A function by its module and name; without a module it is none of ours."""


class Code:
    """The functions of the project at the top of their modules, and which calls which."""

    def __init__(self, trees: dict[Path, ast.Module], slow: frozenset[str]) -> None:
        self._slow = slow
        self._homes: dict[str, set[Path]] = {}
        self._bodies: dict[Function, ast.FunctionDef] = {}
        for path, tree in trees.items():
            for node in tree.body:
                if isinstance(node, ast.FunctionDef):
                    self._homes.setdefault(node.name, set()).add(path)
                    self._bodies[path, node.name] = node

    def calls_in(self, path: Path, node: ast.AST) -> set[Function]:
        """What is called in `node` of the module `path`: a name of this module, or a name of several words of another.

        Names of one word are not followed into other modules: too many things are called so.
        """
        found: set[Function] = set()
        for call in (each for each in ast.walk(node) if isinstance(each, ast.Call)):
            name = _name(call)
            homes = self._homes.get(name, set())
            if name in self._slow:
                found.add((None, name))
            elif path in homes and isinstance(call.func, ast.Name):
                found.add((path, name))
            elif "_" in name.strip("_") and not name.startswith("_"):
                found |= {(home, name) for home in homes}
        return found

    def way_to_slow(self, start: Function) -> tuple[str, ...]:
        """The shortest way from a function to something slow; empty when there is none."""
        ways = [[start]]
        seen = {start}
        for way in ways:
            path, name = way[-1]
            if name in self._slow:
                return tuple(name for _, name in way)
            if path is not None:
                fresh = self.calls_in(path, self._bodies[path, name]) - seen
                seen |= fresh
                ways += [[*way, called] for called in sorted(fresh, key=str)]
        return ()


def _opens(item: ast.withitem) -> bool:
    return isinstance(item.context_expr, ast.Call) and _name(item.context_expr) in OPENERS


def _name(call: ast.Call) -> str:
    if isinstance(call.func, ast.Name):
        return call.func.id
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""
