"""Who may read whose records: holders their own, the officers and auditors everybody's."""

from services.surveillance.models import Holding
from shared.errors import N_, NotFound
from shared.security.actor import Actor
from shared.security.roles import OFFICERS, Role

REVIEWERS = (Role.HEAD_OF_CERTIFICATION, Role.HEAD_OF_QUALITY_CONTROL)
"""Who reviews reports."""
READERS = (*OFFICERS, Role.AUDITOR)
"""Who sees all reports: the officers decide on what reviewers propose."""
INVENTORY = (Role.HEAD_OF_CERTIFICATION, Role.AUDITOR)
"""Who keeps the inventory of those about to expire (process 2.12), and who checks it."""

UNKNOWN = N_("Data tidak ditemukan. Periksa alamatnya, atau mulai dari daftar kerja Anda.")


def require_readable_holding(actor: Actor, held: Holding | None) -> Holding:
    """`held`, if the actor may see it. Raises NotFound, also for somebody else's."""
    if held is None or not (held.holder_id == actor.id or actor.has(*READERS)):
        raise NotFound("holding-unknown", UNKNOWN)
    return held
