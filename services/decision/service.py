"""The decision service: meetings, decisions, appeals."""

from pathlib import Path

from services.decision.api import api
from services.decision.jobs import jobs
from services.decision.models import Base
from services.decision.pages import MENU, pages
from services.decision.places import LANDS, PLACES
from services.decision.reactions import reactions
from services.decision.timers import timers
from services.decision.words import LABELS
from shared.runtime.service import Service

service = Service(
    name="decision",
    title="Decisions and appeals",
    folder=Path(__file__).parent,
    metadata=Base.metadata,
    reactions=reactions,
    jobs=jobs,
    timers=timers,
    keeps_files=True,
    api=api,
    pages=(pages,),
    labels=LABELS,
    places=PLACES,
    menu=MENU,
    lands=LANDS,
)
