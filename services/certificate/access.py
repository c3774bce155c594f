"""Who may do what in the certificate stage; each view names one of these groups, and so do commands that look closer.

A role opens the door. Whose certificate it is, is asked behind it: `require_readable` lets holders see their own, and
`is_holder` lets them take its file.
"""

from services.certificate.domain.states import PUBLIC
from services.certificate.models import Certificate
from shared.errors import N_, NotFound
from shared.security.actor import Actor
from shared.security.roles import OFFICERS, Role

HOLDERS = (Role.APPLICANT,)
"""Sign the agreement of use (R17) and see what is on its way to them and what they hold."""

READERS = (*OFFICERS, Role.SECRETARIAT, Role.AUDITOR)
"""See the register, the work list, and the acts on many certificates with their reports."""

HOLDERS_AND_READERS = (*HOLDERS, *READERS)
"""Come to the page of one certificate; holders see their own alone."""

FILE_TAKERS = OFFICERS
"""Have the signed file of anybody's certificate, and its credential; who took it is noted (R26)."""

HOLDERS_AND_FILE_TAKERS = (*HOLDERS, *FILE_TAKERS)
"""Come to the file of one certificate; holders have their own alone."""

DECIDERS = (Role.CHAIR,)
"""Suspend, reinstate, withdraw, void, correct, reduce certificates, and start what does it to many (9.5, R15, R16)."""

PREPARERS = (Role.CHAIR, Role.HEAD_OF_CERTIFICATION)
"""Try out an act on many certificates, and throw the dry run away; only DECIDERS start it."""

PAPER_KEEPERS = (Role.SECRETARIAT, Role.HEAD_OF_GENERAL_AFFAIRS)
"""Receive pre-printed sheets, print on them, note what is spoiled or handed over (domain handbook 5)."""

PAPER_READERS = (*PAPER_KEEPERS, Role.AUDITOR)
"""See the stock, and what stands on each sheet."""

AGENCY_KEEPERS = (Role.ADMINISTRATOR,)
"""Tell an agency's webhook again, and switch on one that was given up."""

AGENCY_READERS = (*READERS, *AGENCY_KEEPERS)
"""See which agencies subscribe, and how their webhooks fare."""

TRUST_READERS = (*READERS, Role.ADMINISTRATOR)
"""See whether certificates can be issued, and what the checks of the store found."""

STORE_CHECKERS = (*OFFICERS, Role.ADMINISTRATOR)
"""Have register and store compared."""

UNKNOWN = N_("Sertifikat ini tidak ada. Periksa alamatnya, atau mulai dari daftar sertifikat Anda.")


def require_readable(actor: Actor, certificate: Certificate | None) -> Certificate:
    """`certificate`, if the actor is its holder or reads the register.

    Raises NotFound for anybody else's, and for one that its holder cannot know of because it is not issued yet.
    """
    if certificate is None or not (is_holder(actor, certificate) or actor.has(*READERS)):
        raise NotFound("certificate-unknown", UNKNOWN)
    return certificate


def is_holder(actor: Actor, certificate: Certificate) -> bool:
    """Whether the actor holds `certificate`, and it was handed out."""
    return certificate.holder_id == actor.id and certificate.state in PUBLIC
