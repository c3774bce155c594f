"""Whether a certificate can be made now: asked before any number is used."""

from shared import clock
from shared.documents.signing import signer


def check() -> None:
    """Raises SigningKeyUnfit when a signature made now would not hold; the message says what to do."""
    signer().ready(clock.now())
