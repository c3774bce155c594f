"""Every regular expression of the source, and whether hostile text can make one take more than proportional time.

Python's `re` goes back and tries again. That costs more than proportional time exactly where a text can be taken in
two ways: some piece of it may be repeated at a place p, may lead from p to another place q, and may be repeated at q
(Weber and Seidl: infinite ambiguity of the automaton). So each expression is made an automaton of its positions
(Glushkov), and such p and q are looked for. What is searched for, and not matched from its beginning, has a first place
that takes anything.

Pydantic's own engine, which knows no way back, runs what stands behind `pattern=`; it is held to the same.

Not counted as an attack: a way from q to q over a place from which the match succeeds whatever follows, since little is
then tried again.
"""

import ast
import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from re import _constants as op
from re import _parser as parser
from typing import Any

ROOT = Path(__file__).parents[2]
FOLDERS = ("shared", "services", "kompeten")
ANCHORED = frozenset({"match", "fullmatch"})
AGAIN = frozenset({"sub", "subn", "split", "findall", "finditer"})
CALLS = ANCHORED | AGAIN | {"search"}
MANY = 8
"""More repetitions than this are taken for any number."""
ALPHABET = [*map(chr, range(256)), *"\u0300\u0301\u2028\u0660\u0e01\u3042\ud800\uffff\U0001f600"]


@dataclass(frozen=True)
class Expression:
    """A pattern, where it stands, and how it is used: names of functions of `re`, all of them where that is unknown."""

    place: str
    pattern: str | bytes
    uses: frozenset[str]
    flags: int = 0


@dataclass
class Part:
    """A piece of an automaton. `free`: its last positions after which nothing more is asked for within the piece."""

    nullable: bool = True
    skips: bool = True
    first: list[int] = field(default_factory=list)
    last: list[int] = field(default_factory=list)
    free: set[int] = field(default_factory=set)


class Automaton:
    """The positions of a pattern, what each takes, and in how many ways one follows another."""

    def __init__(self, pattern: str | bytes, use: str, flags: int = 0) -> None:
        text = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
        tree = parser.parse(text, flags)
        self._flags = tree.state.flags
        self.takes: list[frozenset[str]] = []
        self.follow: list[Counter[int]] = []
        whole = self._sequence(list(tree))
        anchored = use in ANCHORED or _begins_at_beginning(list(tree), self._flags)
        if not anchored:
            anything = self._repeat(self._position(frozenset(ALPHABET)), 0, None)
            whole = self._after(anything, whole)
        self.start = 0 if not anchored else None
        self.free = set() if use == "fullmatch" else whole.free

    def ambiguous(self) -> bool:
        """Whether some text can be taken in more ways the longer it is."""
        places = range(len(self.takes))
        cyclic = [place for place in places if place in self._reach([place])]
        if any(self._twice(place) for place in cyclic):
            return True
        return any(
            self._pumps(p, q) for p in cyclic for q in cyclic if p != q and q not in self.free and q in self._reach([p])
        )

    def _reach(self, begins: list[int]) -> set[int]:
        seen: set[int] = set()
        waiting = list(begins)
        while waiting:
            for after in self.follow[waiting.pop()]:
                if after not in seen:
                    seen.add(after)
                    waiting.append(after)
        return seen

    def _twice(self, place: int) -> bool:
        """Whether one text leads from `place` back to it in two ways: each repetition doubles the work."""
        begin = (place, place, False)
        return self._finds(begin, lambda one: one == (place, place, True), self._pairs)

    def _pairs(self, at: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
        one, two, parted = at
        for a, ways in self.follow[one].items():
            for b in self.follow[two]:
                if self.takes[a] & self.takes[b]:
                    yield a, b, parted or a != b or ways > 1

    def _pumps(self, p: int, q: int) -> bool:
        """Whether one text leads from p to p, from p to q, and from q to q."""
        return self._finds((p, p, q), lambda one: one == (p, q, q), self._triples)

    def _triples(self, at: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
        one, two, three = at
        for a in self.follow[one]:
            for b in self.follow[two]:
                shared = self.takes[a] & self.takes[b]
                for c in self.follow[three] if shared else ():
                    if c not in self.free and shared & self.takes[c]:
                        yield a, b, c

    @staticmethod
    def _finds(begin: tuple[Any, ...], found: Any, steps: Any) -> bool:
        seen, waiting = set(), deque([begin])
        while waiting:
            for after in steps(waiting.popleft()):
                if found(after):
                    return True
                if after not in seen:
                    seen.add(after)
                    waiting.append(after)
        return False

    def _sequence(self, items: list[Any]) -> Part:
        part = Part()
        for item in items:
            part = self._after(part, self._item(*item))
        return part

    def _item(self, kind: Any, value: Any) -> Part:
        if kind in (op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN):
            return self._position(self._letters(kind, value))
        if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            least, most, inner = value
            return self._repetitions(list(inner), least, most)
        if kind is op.SUBPATTERN:
            return self._sequence(list(value[3]))
        if kind is op.ATOMIC_GROUP:
            return self._sequence(list(value))
        if kind is op.BRANCH:
            parts = [self._sequence(list(one)) for one in value[1]]
            if sum(part.skips for part in parts) > 1:
                raise NotImplementedError("there are two ways to take nothing: leave one")
            return self._either(parts)
        if kind is op.AT or (kind in (op.ASSERT, op.ASSERT_NOT) and "MAXREPEAT" not in str(value)):
            return Part(skips=False)
        raise NotImplementedError(f"{kind} is not understood: write the expression without it")

    def _repetitions(self, items: list[Any], least: int, most: Any) -> Part:
        unlimited = most is op.MAXREPEAT or most > MANY
        part = Part()
        for _ in range(min(least, MANY)):
            part = self._after(part, self._sequence(items))
        if unlimited:
            return self._after(part, self._repeat(self._sequence(items), 0, None))
        for _ in range(most - min(least, MANY)):
            part = self._after(part, self._repeat(self._sequence(items), 0, 1))
        return part

    def _position(self, letters: frozenset[str]) -> Part:
        place = len(self.takes)
        self.takes.append(letters)
        self.follow.append(Counter())
        return Part(False, False, [place], [place], {place})

    def _repeat(self, part: Part, least: int, most: int | None) -> Part:
        if most is None:
            for one in part.last:
                self.follow[one].update(part.first)
        return Part(True, True, part.first, part.last, part.free) if not least else part

    def _after(self, one: Part, two: Part) -> Part:
        for place in one.last:
            self.follow[place].update(two.first)
        return Part(
            one.nullable and two.nullable,
            one.skips and two.skips,
            one.first + (two.first if one.nullable else []),
            two.last + (one.last if two.nullable else []),
            two.free | (one.free if two.skips else set()),
        )

    @staticmethod
    def _either(parts: list[Part]) -> Part:
        return Part(
            any(part.nullable for part in parts),
            any(part.skips for part in parts),
            [place for part in parts for place in part.first],
            [place for part in parts for place in part.last],
            set().union(*(part.free for part in parts)),
        )

    def _letters(self, kind: Any, value: Any) -> frozenset[str]:
        found = {letter for letter in ALPHABET if self._fits(kind, value, letter)}
        if self._flags & re.IGNORECASE:
            found |= {letter for letter in ALPHABET if {letter.lower(), letter.upper()} & found}
        return frozenset(found)

    def _fits(self, kind: Any, value: Any, letter: str) -> bool:
        if kind is op.ANY:
            return letter != "\n" or bool(self._flags & re.DOTALL)
        if kind is op.LITERAL:
            return bool(ord(letter) == value)
        if kind is op.NOT_LITERAL:
            return bool(ord(letter) != value)
        if kind is op.RANGE:
            return bool(value[0] <= ord(letter) <= value[1])
        if kind is op.CATEGORY:
            return re.match(CATEGORIES[value], letter, self._flags & re.ASCII) is not None
        negated = bool(value) and value[0][0] is op.NEGATE
        return any(self._fits(one[0], one[1], letter) for one in value[negated:]) != negated


CATEGORIES = {
    op.CATEGORY_DIGIT: r"\d",
    op.CATEGORY_NOT_DIGIT: r"\D",
    op.CATEGORY_SPACE: r"\s",
    op.CATEGORY_NOT_SPACE: r"\S",
    op.CATEGORY_WORD: r"\w",
    op.CATEGORY_NOT_WORD: r"\W",
}


def _begins_at_beginning(items: list[Any], flags: int) -> bool:
    if not items or items[0][0] is not op.AT:
        return False
    where = items[0][1]
    return where is op.AT_BEGINNING_STRING or (where is op.AT_BEGINNING and not flags & re.MULTILINE)


def takes_more_than_its_share(expression: Expression) -> bool:
    """Whether hostile text can make an expression take more than proportional time in one of its uses."""
    return any(Automaton(expression.pattern, use, expression.flags).ambiguous() for use in expression.uses)


def list_expressions() -> tuple[list[Expression], list[str]]:
    """Every expression of the source; and the places of those that are put together at run time."""
    known, unknown = [], []
    sources = {path: path.read_text() for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))}
    constants = {path: _constants(ast.parse(source)) for path, source in sources.items()}
    for path, source in sources.items():
        beside = {
            f"{other.stem}.{name}": value
            for other in sources
            if other != path and path.is_relative_to(other.parent)
            for name, value in constants[other].items()
        }
        found, others = read_expressions(source, str(path.relative_to(ROOT)), beside)
        known += found
        unknown += others
    return known, unknown


def read_expressions(
    source: str, name: str, beside: dict[str, ast.expr] | None = None
) -> tuple[list[Expression], list[str]]:
    """Those of one module: arguments of `re` and of pydantic's `pattern=`; `beside` has constants of its packages."""
    tree = ast.parse(source)
    texts = {**(beside or {}), **_constants(tree)}
    uses = _uses_of_names(tree)
    known, unknown = [], []
    for node in ast.walk(tree):
        for given, functions, flags in _patterns(node, uses):
            place = f"{name}:{given.lineno}"
            pattern = _text(given, texts)
            if pattern is None:
                unknown.append(place)
            else:
                known.append(Expression(place, pattern, functions, flags))
    return known, unknown


def _patterns(node: ast.AST, uses: dict[str, set[str]]) -> Iterator[tuple[ast.expr, frozenset[str], int]]:
    if not isinstance(node, ast.Call):
        return
    if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name) and node.func.value.id == "re":
        if node.func.attr in CALLS and node.args:
            yield node.args[0], frozenset({node.func.attr}), _flags(node)
        elif node.func.attr == "compile":
            named = uses.get(getattr(node, "assigned", ""))
            yield node.args[0], frozenset(named or set().union(*uses.values()) or CALLS), _flags(node)
    for keyword in node.keywords:
        if keyword.arg == "pattern":
            yield keyword.value, frozenset({"search"}), 0


def _flags(node: ast.Call) -> int:
    named = [
        one.attr
        for each in [*node.args[1:], *node.keywords]
        for one in ast.walk(each)
        if isinstance(one, ast.Attribute)
    ]
    return sum(int(getattr(re, name)) for name in {one for one in named if one.isupper() and hasattr(re, one)})


def _uses_of_names(tree: ast.Module) -> dict[str, set[str]]:
    """What is called of each name that holds a compiled expression, in its module."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and isinstance(node.targets[0], ast.Name):
            node.value.assigned = node.targets[0].id  # type: ignore[attr-defined]
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and _is_use(node.value.id, node.attr):
            found.setdefault(node.value.id, set()).add(node.attr)
    return found


def _is_use(name: str, function: str) -> bool:
    """Texts have a `split` too: it counts where a constant is asked."""
    return name != "re" and function in CALLS and (function != "split" or name.isupper())


def _constants(tree: ast.Module) -> dict[str, ast.expr]:
    return {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _text(node: ast.expr, texts: dict[str, ast.expr]) -> str | bytes | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
        return node.value
    if isinstance(node, ast.Name) and node.id in texts:
        return _text(texts[node.id], texts)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        found = texts.get(f"{node.value.id}.{node.attr}")
        return _text(found, texts) if found is not None else None
    if isinstance(node, ast.JoinedStr):
        parts = [_text(part.value if isinstance(part, ast.FormattedValue) else part, texts) for part in node.values]
        # what is a number stands for itself, what is not known for a word
        return "".join("7" if part is None else str(part) for part in parts)
    return None
