"""The notification service: it listens, writes mails and sends them; of itself it tells only how far its log is."""

from pathlib import Path

from services.notification.api import api
from services.notification.domain import STATE_NAMES
from services.notification.jobs import jobs
from services.notification.models import Base
from services.notification.pages import MENU, pages
from services.notification.places import LANDS, PLACES
from services.notification.reactions import reactions
from shared.runtime.service import Service

service = Service(
    name="notification",
    title="Notification",
    folder=Path(__file__).parent,
    metadata=Base.metadata,
    reactions=reactions,
    jobs=jobs,
    sends_mail=True,
    api=api,
    pages=(pages,),
    labels=STATE_NAMES,
    places=PLACES,
    menu=MENU,
    lands=LANDS,
)
