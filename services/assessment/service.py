"""The assessment service: assessors, sessions, what the assessor recommends."""

from pathlib import Path

from services.assessment.api import api
from services.assessment.models import Base
from services.assessment.pages import MENU, pages
from services.assessment.places import LANDS, PLACES
from services.assessment.queries.looked_at import describe_looked_at
from services.assessment.reactions import reactions
from services.assessment.words import LABELS
from shared.runtime.service import Service
from shared.web.access_log_pages import make_access_log_pages

service = Service(
    name="assessment",
    title="Assessment",
    folder=Path(__file__).parent,
    metadata=Base.metadata,
    rings=("assessment",),
    reactions=reactions,
    api=api,
    pages=(pages, make_access_log_pages("assessment", describe_looked_at)),
    labels=LABELS,
    places=PLACES,
    menu=MENU,
    lands=LANDS,
)
