"""Who may use which part of the decision stage; each view names one of these."""

from shared.security.roles import OFFICERS, Role

READERS = (*OFFICERS, Role.SECRETARIAT, Role.AUDITOR)
"""Cases and meetings."""

MANAGERS = (Role.CHAIR, Role.HEAD_OF_CERTIFICATION, Role.SECRETARIAT)
"""Call and run meetings; the officers among them only while they are named (R13)."""

MEMBERS = OFFICERS
"""Speak in a meeting and keep out of cases; who of them decides is the domain's business (R13)."""

NAMERS = (Role.CHAIR, Role.HEAD_OF_QUALITY_CONTROL)
"""Name an appeal's panel."""

HEARERS = (*OFFICERS, Role.ASSESSOR, Role.COMPLAINTS_OFFICER, Role.SECRETARIAT)
"""Roles that panel members come from; whoever is not on the panel finds no appeal."""

APPEAL_READERS = (*HEARERS, Role.AUDITOR)
"""The same, and who looks over everything."""
