"""Whether a token that is signed and has not expired still counts: its account may have lost authority since.

What changes something asks the service's own table each time. What only reads takes an answer that is at most
`FRESH_SECONDS` old, and the last one known while the database is away: the page then fails by itself if it needs more.
Only when all its connections were in use the request ends there: the page would wait for one as long again.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from shared.clock import real_now
from shared.database.unit import Database, DatabaseAway, Why
from shared.errors import N_, NotSignedIn
from shared.security.generations import read_generation
from shared.security.tokens import Claims

FRESH_SECONDS = 2
"""How old an answer may be for a request that changes nothing."""
REMEMBERED = 5000
"""Accounts whose answers a process remembers at once."""


@dataclass
class Generations:
    """The generations of accounts as one service's database has them."""

    database: Database
    _known: dict[UUID, tuple[datetime, int]] = field(default_factory=dict)

    def refuse_superseded(self, claims: Claims, *, changes: bool) -> None:
        """Raise NotSignedIn for the token of an earlier generation; `changes` asks the database in any case.

        Raises DatabaseAway when something is to be changed, or when no connection came free.
        """
        account = claims.actor.id
        if claims.generation < (self._ask(account) if changes else self._ask_lately(account)):
            raise NotSignedIn("token-superseded", N_("Tanda masuk ini sudah tidak berlaku. Silakan masuk kembali."))

    def _ask_lately(self, account: UUID) -> int:
        at, known = self._known.get(account, (None, 0))
        if at is not None and timedelta(0) <= real_now() - at < timedelta(seconds=FRESH_SECONDS):
            return known
        try:
            return self._ask(account)
        except DatabaseAway as away:
            if away.why is Why.POOL:
                raise
            return known

    def _ask(self, account: UUID) -> int:
        with self.database.reading() as session:
            found = read_generation(session, account)
        if len(self._known) >= REMEMBERED:
            self._known.clear()
        self._known[account] = (real_now(), found)
        return found
