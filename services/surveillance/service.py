"""The surveillance service: reports of the holders, recertification."""

from pathlib import Path

from services.surveillance.access import LOST_FILE_READERS
from services.surveillance.api import api
from services.surveillance.body_settings import SETTINGS
from services.surveillance.kept_files import REGISTERS
from services.surveillance.models import Base
from services.surveillance.pages import MENU, pages
from services.surveillance.places import LANDS, PLACES
from services.surveillance.queries.looked_at import describe_looked_at
from services.surveillance.reactions import reactions
from services.surveillance.timers import timers
from services.surveillance.words import LABELS
from shared.body_data.holidays import HOLIDAYS
from shared.runtime.service import Service
from shared.web.access_log_pages import make_access_log_pages
from shared.web.lost_file_pages import make_lost_file_pages

service = Service(
    name="surveillance",
    title="Surveillance and recertification",
    folder=Path(__file__).parent,
    metadata=Base.metadata,
    reactions=reactions,
    files=REGISTERS,
    data_files=(SETTINGS, HOLIDAYS),
    timers=timers,
    keeps_files=True,
    rings=("surveillance",),
    api=api,
    pages=(
        pages,
        make_lost_file_pages("surveillance", REGISTERS, LOST_FILE_READERS),
        make_access_log_pages("surveillance", describe_looked_at),
    ),
    labels=LABELS,
    places=PLACES,
    menu=MENU,
    lands=LANDS,
)
