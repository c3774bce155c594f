"""What a record says of the row before it: the end of its `subject`, which the record's mark covers.

The service that changes a row hashes it as it stands until then. Had somebody altered it past the service, the record
of the change says so for good: what it follows is not what was recorded before. Whatever was recorded as *found* is
from before records were kept; later there is nothing to be found.
"""

import re

from shared.chain.models import SUBJECT_LENGTH

DIGITS = 24
"""So many hex digits of the hash before: 96 bits, more than anybody finds another row for."""
FOUND = " found"
_AFTER = " after "
_END = re.compile(rf"(?P<name>.*)(?: after (?P<after>[0-9a-f]{{{DIGITS}}})|(?P<found> found))", re.DOTALL)


def say_after(digest: str | None) -> str:
    """The end of a record's subject when the row stood with this hash until then; nothing for a new row."""
    return f"{_AFTER}{digest[:DIGITS]}" if digest else ""


def name_record(name: str, follows: str) -> str:
    """The subject of a record: what the row is called, and what the record follows."""
    return name[: SUBJECT_LENGTH - len(follows)] + follows


def read_name(subject: str) -> str:
    """What the row of a record is called."""
    end = _END.fullmatch(subject)
    return end["name"] if end else subject


def read_after(subject: str) -> str | None:
    """The first digits of the hash that the row had before the change; None where the record says nothing of it."""
    end = _END.fullmatch(subject)
    return end["after"] if end else None


def is_found(subject: str) -> bool:
    """Whether the row was recorded as one from before records were kept."""
    end = _END.fullmatch(subject)
    return end is not None and end["found"] is not None
