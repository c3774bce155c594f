"""The certificate service: certificates, their register and check, other agencies."""

from pathlib import Path

from services.certificate.api import api
from services.certificate.body_settings import AGREEMENT, BODY, PAPER
from services.certificate.jobs import jobs
from services.certificate.making.production import maker_pool
from services.certificate.making.readiness import list_key_ends
from services.certificate.models import Base
from services.certificate.pages import MENU, pages
from services.certificate.places import LANDS, PLACES
from services.certificate.queries.looked_at import describe_looked_at
from services.certificate.reactions import reactions
from services.certificate.timers import timers
from services.certificate.trust.queries import count_lost_files
from services.certificate.words import LABELS
from shared.runtime.service import Service
from shared.web.access_log_pages import make_access_log_pages

SECRETS = (
    "signing_key_file",
    "credential_key_file",
    "signing_pkcs12_file",
    "signing_pkcs12_password_file",
)
"""What is missing of these is said on the page *Keandalan*, and nothing is numbered meanwhile."""

service = Service(
    name="certificate",
    title="Certificates and their check",
    folder=Path(__file__).parent,
    metadata=Base.metadata,
    reactions=reactions,
    jobs=jobs,
    timers=timers,
    data_files=(BODY, AGREEMENT, PAPER),
    workers=maker_pool,
    tells_agencies=True,
    keeps_files=True,
    secrets=SECRETS,
    optional_secrets=SECRETS,
    rings=("certificate", "photos"),
    list_key_ends=list_key_ends,
    count_own_lost_files=count_lost_files,
    api=api,
    pages=(pages, make_access_log_pages("certificate", describe_looked_at)),
    labels=LABELS,
    places=PLACES,
    menu=MENU,
    lands=LANDS,
)
