"""The source as it is written: every module of the system, and what it offers to others."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOPS = ("shared", "services", "kompeten")

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Module:
    """One file: its path from the root (`shared/clock.py`), its lines and its parsed code."""

    path: str
    lines: tuple[str, ...]
    code: ast.Module

    @property
    def name(self) -> str:
        """The last part of its dotted name: a package's own file is named after its folder."""
        path = Path(self.path)
        return path.parent.name if path.stem == "__init__" else path.stem

    @property
    def room(self) -> str:
        """Whose it is: `services/decision`, `shared/web`, `kompeten/demo`; the top folder for a file right in it."""
        parts = self.path.split("/")
        return "/".join(parts[:2]) if len(parts) > 2 else parts[0]

    def public(self, *kinds: type[ast.AST]) -> Iterator[Definition]:
        """The top-level definitions of these kinds whose name has no underscore before it."""
        for node in self.code.body:
            if isinstance(node, kinds) and not node.name.startswith("_"):  # type: ignore[attr-defined]
                assert isinstance(node, Definition)
                yield node


@cache
def all_modules() -> tuple[Module, ...]:
    """Every module of the system but migrations, whose names and shape alembic gives."""
    found = []
    for top in TOPS:
        for path in sorted((ROOT / top).rglob("*.py")):
            if not {"migrations", "shared_tables"} & set(path.parts):
                text = path.read_text()
                found.append(Module(str(path.relative_to(ROOT)), tuple(text.splitlines()), ast.parse(text)))
    return tuple(found)
