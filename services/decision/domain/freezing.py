"""What a decision rests on, frozen with its hash; its decree number; its time limit (R12, ISO/IEC 17024 9.4)."""

import json
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

OFFICE_TIME = ZoneInfo("Asia/Jakarta")


def write_canonical_json(file: Mapping[str, object]) -> str:
    """One text for one content: keys sorted, no spaces, UTF-8 as it is. The same file always hashes the same.

    Raises TypeError for what JSON cannot hold, so that nothing is frozen in a form that cannot be read back.
    """
    return json.dumps(file, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def hash_text(text: str) -> str:
    """SHA-256 of the canonical text, as hexadecimal."""
    return sha256(text.encode()).hexdigest()


def format_decree_number(template: str, year: int, serial: int) -> str:
    """For example `0001/SK/LSP/2026`; `template` is configuration, with {serial} and {year}."""
    return template.format(serial=serial, year=year)


def compute_appeal_end(decided_at: datetime, days: int) -> datetime:
    """The end, at the LSP's own midnight, of the last day on which an appeal may be filed; aware UTC."""
    # The body's calendar decides, not UTC: at 23:30 UTC it is already the next day in Jakarta.
    last = decided_at.astimezone(OFFICE_TIME).date() + timedelta(days=days)
    return datetime.combine(last, time(23, 59, 59), OFFICE_TIME).astimezone(decided_at.tzinfo)
