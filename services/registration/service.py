"""The registration service: accounts, applications, the files of the applicants."""

from pathlib import Path

from services.registration.access import LOST_FILE_READERS
from services.registration.api import api
from services.registration.body_settings import BNSP
from services.registration.jobs import jobs
from services.registration.kept_files import REGISTERS
from services.registration.keyed import KEYED
from services.registration.models import Base
from services.registration.pages import MENU, pages
from services.registration.places import LANDS, PLACES
from services.registration.queries.looked_at import describe_looked_at
from services.registration.reactions import reactions
from services.registration.timers import timers
from services.registration.words import LABELS
from shared.runtime.service import Service
from shared.web.access_log_pages import make_access_log_pages
from shared.web.audit_pages import make_audit_pages
from shared.web.lost_file_pages import make_lost_file_pages

service = Service(
    name="registration",
    title="Accounts and applications",
    folder=Path(__file__).parent,
    metadata=Base.metadata,
    reactions=reactions,
    files=REGISTERS,
    keyed=KEYED,
    data_files=(BNSP,),
    jobs=jobs,
    timers=timers,
    keeps_files=True,
    secrets=("token_private_key_file",),
    rings=("registration", "photos"),
    api=api,
    pages=(
        pages,
        make_audit_pages("registration"),
        make_lost_file_pages("registration", REGISTERS, LOST_FILE_READERS),
        make_access_log_pages("registration", describe_looked_at),
    ),
    labels=LABELS,
    places=PLACES,
    menu=MENU,
    lands=LANDS,
)
