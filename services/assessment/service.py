"""The assessment service: what it listens to and where it answers."""

from services.assessment.api import api
from services.assessment.pages import MENU, pages
from services.assessment.reactions import reactions
from services.assessment.words import LABELS
from shared.database.unit import Database
from shared.messaging.entrypoint import subscribe, take_in
from shared.messaging.providers import DatabaseProvider, RelayProvider, RetryProvider
from shared.runtime.web import WebProvider
from shared.web import App, create_app


def application(database: Database) -> App:
    """The web application over `database`."""
    return create_app("assessment", database, api=api, pages=[pages], title="Assessment", labels=LABELS, menu=MENU)


class AssessmentService:
    name = "assessment"
    database = DatabaseProvider()
    relay = RelayProvider()
    retries = RetryProvider(reactions)
    web = WebProvider(application)

    @subscribe(reactions)
    def take(self, bodies: list[bytes | str]) -> None:
        take_in(self.database, reactions, bodies)
