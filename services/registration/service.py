"""The registration service: accounts, applications, the files of the applicants."""

from pathlib import Path

from services.registration.api import api
from services.registration.jobs import jobs
from services.registration.models import Base
from services.registration.pages import MENU, pages
from services.registration.places import LANDS, PLACES
from services.registration.reactions import reactions
from services.registration.timers import timers
from services.registration.words import LABELS
from shared.runtime.service import Service
from shared.web.audit_pages import make_audit_pages

service = Service(
    name="registration",
    title="Accounts and applications",
    folder=Path(__file__).parent,
    metadata=Base.metadata,
    reactions=reactions,
    jobs=jobs,
    timers=timers,
    keeps_files=True,
    api=api,
    pages=(pages, make_audit_pages("registration")),
    labels=LABELS,
    places=PLACES,
    menu=MENU,
    lands=LANDS,
)
