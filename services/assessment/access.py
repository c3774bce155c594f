"""Who does what in this stage."""

from shared.security.roles import OFFICERS, Role

PLANNERS = frozenset({Role.SECRETARIAT, Role.HEAD_OF_CERTIFICATION})
"""Choose the assessor, plan sittings, seat and postpone candidates: the logistics of process 2.6 and 2.7."""

CENTRE_KEEPERS = frozenset({Role.SECRETARIAT, Role.HEAD_OF_CERTIFICATION})
"""Keep the register of TUK."""

ASSESSOR_KEEPERS = frozenset({Role.HEAD_OF_CERTIFICATION})
"""Keep the register of assessors: their competence is the head of certification's to answer for (6.2)."""

READERS = frozenset({Role.SECRETARIAT, Role.AUDITOR, *OFFICERS})
"""Read every case, without what the candidate asked as an adjustment."""
