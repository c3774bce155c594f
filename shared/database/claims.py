"""Claims on requests that came with a key (`answers.py`): whoever works on one renews it for as long as it works.

So a claim whose process was killed ends within seconds, and one that takes long does not. That it ends is safe,
whatever is going on: the act notes itself in the claim's row, in its own transaction, and is rolled back when the claim
is another's by then.
"""

import time
from collections import defaultdict
from uuid import UUID

from sqlalchemy import select, update

from shared.clock import real_now
from shared.database.answers import KeptAnswer
from shared.database.unit import Database

LEASE_SECONDS = 8.0
"""How long a claim holds that nobody renews: less than a form waits for another's answer."""
RENEW_SECONDS = 2.0
LONGEST_SECONDS = 120.0
"""Renewed for so long at most: the proxy waits 60 s for an answer, and who has not come to an end by then hangs."""

_held: defaultdict[str, dict[UUID, float]] = defaultdict(dict)
"""What this process works on: by service, each claim with when it began, by the monotonic clock."""


def hold_claim(service: str, claim_id: UUID) -> None:
    """Have this claim renewed until it is let go."""
    _held[service][claim_id] = time.monotonic()


def let_claim_go(service: str, claim_id: UUID) -> None:
    """Have this claim renewed no longer."""
    _held[service].pop(claim_id, None)


def renew_claims(database: Database) -> None:
    """Renew what this process works on in this service. A row that an act is just writing is left alone. Raises
    DatabaseAway.
    """
    now, held = time.monotonic(), list(_held[database.service].items())
    for claim_id, begun in held:
        if now - begun > LONGEST_SECONDS:
            let_claim_go(database.service, claim_id)
    lasting = [claim_id for claim_id, begun in held if RENEW_SECONDS / 2 < now - begun <= LONGEST_SECONDS]
    if not lasting:
        return
    ours = select(KeptAnswer.id).where(KeptAnswer.claim_id.in_(lasting), KeptAnswer.answer.is_(None))
    with database.unit_of_work() as session:
        free = session.scalars(ours.with_for_update(skip_locked=True)).all()
        session.execute(update(KeptAnswer).where(KeptAnswer.id.in_(free)).values(begun_at=real_now()))
