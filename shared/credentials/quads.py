"""RDF Dataset Canonicalization (RDFC-1.0, W3C) of statements whose blank nodes all differ at first sight.

That is enough for what is issued here, and a hundredth of the work of the general algorithm: no node needs to be told
from its twin by its neighbours.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable

Quad = tuple[str, str, str]
"""Subject, predicate and object, each as N-Quads writes it; a blank node is `_:` and any name."""

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_IRI = re.compile(r"[a-z][a-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\\x7f\ud800-\udfff]+")


def rdf_literal(text: str, kind: str = "") -> str:
    """`text` as an RDF literal, of data type `kind` (an IRI) if given. Raises ValueError for control characters."""
    if _FORBIDDEN.search(text):
        raise ValueError("text with control characters cannot stand in a credential")
    return f'"{text.translate(_ESCAPES)}"' + (f"^^<{kind}>" if kind else "")


def rdf_iri(address: str) -> str:
    """`address` as an RDF term, `<address>`. Raises ValueError for what is no absolute address."""
    if not _IRI.fullmatch(address):
        raise ValueError("not an address that can stand in a credential")
    return f"<{address}>"


def canonical_quads(quads: Iterable[Quad]) -> bytes:
    """The statements as canonical N-Quads (RDFC-1.0). Raises ValueError when two blank nodes say the same."""
    lines, around = list(quads), defaultdict(list)
    for quad in lines:
        for term in (quad[0], quad[2]):
            if term.startswith("_:"):
                around[term].append(quad)
    seen = {_first_degree(node, quads): node for node, quads in around.items()}
    if len(seen) < len(around):
        raise ValueError("two parts of the credential say the same")
    names = {node: f"_:c14n{place}" for place, (_, node) in enumerate(sorted(seen.items()))}
    return "".join(sorted(f"{names.get(s, s)} {p} {names.get(o, o)} .\n" for s, p, o in lines)).encode()


def _first_degree(node: str, quads: list[Quad]) -> str:
    """RDFC-1.0 4.6: the hash of a node's statements, itself called `a` and every other blank node `z`."""

    def name(term: str) -> str:
        return term if not term.startswith("_:") else "_:a" if term == node else "_:z"

    text = "".join(sorted(f"{name(s)} {p} {name(o)} .\n" for s, p, o in quads))
    return hashlib.sha256(text.encode()).hexdigest()
