"""Who may use which part of assessment; each view names one of these groups, and so do commands that look closer.

A role opens the door. Whose case it is, is asked behind it: the loaders of `commands/loading.py` know a candidate's and
an assessor's own cases alone, and the domain asks whether impartiality was declared (R4).
"""

from shared.security.roles import OFFICERS, Role

CANDIDATES = (Role.APPLICANT,)
"""Agree to the plan of their assessment or not (process 2.6), and say that they are ready on the day (process 2.7)."""

ASSESSORS = (Role.ASSESSOR,)
"""Declare impartiality (R4), judge the self-assessment (process 2.6), record the day and recommend (process 2.7)."""

PLANNERS = (Role.SECRETARIAT, Role.HEAD_OF_CERTIFICATION)
"""Choose the assessor, plan sittings, seat candidates: the logistics of process 2.6 and 2.7."""

ASSESSORS_AND_PLANNERS = (*ASSESSORS, *PLANNERS)
"""Set the day of a pre-assessment (process 2.6), postpone a candidate (process 2.7): whoever hears of a hindrance."""

CENTRE_KEEPERS = (Role.SECRETARIAT, Role.HEAD_OF_CERTIFICATION)
"""Keep the register of TUK, where sittings are held (process 2.7)."""

ASSESSOR_KEEPERS = (Role.HEAD_OF_CERTIFICATION,)
"""Keep the register of assessors: their competence is the head of certification's to answer for (6.2)."""

READERS = (Role.SECRETARIAT, Role.AUDITOR, *OFFICERS)
"""Read every case, without what the candidate asked as an adjustment, and the registers of assessors and TUK."""

SITTING_READERS = (*READERS, *ASSESSORS)
"""Read sittings with their attendance sheets; assessors those they assess in (process 2.7)."""

READERS_AND_PARTIES = (*READERS, *ASSESSORS, *CANDIDATES)
"""Come to the page of one case at all; its assessor and its candidate find their own alone (R4)."""
