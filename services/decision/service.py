"""The decision service: meetings, decisions, appeals."""

from pathlib import Path

from services.decision.access import LOST_FILE_READERS
from services.decision.api import api
from services.decision.jobs import jobs
from services.decision.kept_files import REGISTERS
from services.decision.models import Base
from services.decision.pages import MENU, pages
from services.decision.places import LANDS, PLACES
from services.decision.queries.looked_at import describe_looked_at
from services.decision.reactions import reactions
from services.decision.timers import timers
from services.decision.words import LABELS
from shared.runtime.service import Service
from shared.web.access_log_pages import make_access_log_pages
from shared.web.lost_file_pages import make_lost_file_pages

service = Service(
    name="decision",
    title="Decisions and appeals",
    folder=Path(__file__).parent,
    metadata=Base.metadata,
    reactions=reactions,
    files=REGISTERS,
    jobs=jobs,
    timers=timers,
    keeps_files=True,
    rings=("decision",),
    api=api,
    pages=(
        pages,
        make_lost_file_pages("decision", REGISTERS, LOST_FILE_READERS),
        make_access_log_pages("decision", describe_looked_at),
    ),
    labels=LABELS,
    places=PLACES,
    menu=MENU,
    lands=LANDS,
)
