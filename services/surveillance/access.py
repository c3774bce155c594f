"""Who may use which part of surveillance; each view names one of these groups.

A role opens the door. Whose certificate it is, is asked behind it: by `require_readable_holding` for what is read, by
the loaders of `commands/loading.py` for what is done.
"""

from services.surveillance.models import Holding
from shared.errors import N_, NotFound
from shared.security.actor import Actor
from shared.security.roles import OFFICERS, Role

HOLDERS = (Role.APPLICANT,)
"""See their own certificates and hand in the yearly reports on them (process 2.11)."""

REVIEWERS = (Role.HEAD_OF_CERTIFICATION, Role.HEAD_OF_QUALITY_CONTROL)
"""Review reports; never one on a certificate of their own (ISO/IEC 17024 4.3)."""

READERS = (*OFFICERS, Role.AUDITOR)
"""See every holder's reports: the officers decide on what reviewers propose, the auditor looks over everything."""

HOLDERS_AND_READERS = (*HOLDERS, *READERS)
"""Come to one certificate or report at all; `require_readable_holding` says to whose."""

INVENTORY_KEEPERS = (Role.HEAD_OF_CERTIFICATION, Role.AUDITOR)
"""Keep the inventory of certificates about to expire (process 2.12), and check that it is kept."""

LOST_FILE_READERS = (*REVIEWERS, Role.AUDITOR)
"""See which evidence the store has lost: who asks for it again, and who audits."""

UNKNOWN = N_("Data tidak ditemukan. Periksa alamatnya, atau mulai dari daftar kerja Anda.")


def require_readable_holding(actor: Actor, held: Holding | None) -> Holding:
    """`held` itself, if it is the actor's own or the actor may see everybody's.

    Raises NotFound where there is none and for somebody else's: the two look alike on purpose.
    """
    if held is None or not (held.holder_id == actor.id or actor.has(*READERS)):
        raise NotFound("holding-unknown", UNKNOWN)
    return held
