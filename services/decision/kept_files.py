"""The minutes that decision's rows name, and what they are to those who run meetings."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.decision.encrypted_kinds import MINUTES
from services.decision.models import Meeting
from shared.clock import JAKARTA
from shared.errors import N_
from shared.kept_files import Register, WhatIsKept


def describe_minutes_files(session: Session, keys: Sequence[str]) -> Mapping[str, WhatIsKept]:
    """Of which meeting minutes are."""
    rows = session.execute(select(Meeting.minutes_key, Meeting.at, Meeting.place, Meeting.id).where(
        Meeting.minutes_key.in_(keys)
    ))  # fmt: skip
    return {
        key: WhatIsKept(f"Notula {at.astimezone(JAKARTA):%Y-%m-%d}", place, f"/decision/meetings/{id}")
        for key, at, place, id in rows
        if key is not None
    }


REGISTERS = (
    Register(
        "minutes/",
        Meeting.minutes_key,
        Meeting.minutes_sha256,
        MINUTES,
        describe_minutes_files,
        N_("Notula tidak dapat dibuat ulang dari luar sistem: minta operator memulihkannya dari cadangan."),
    ),
)
