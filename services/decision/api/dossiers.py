"""The whole file of a case, for those who decide on it, after they declared to be free of conflicts (R1, R7, R12)."""

from flask import Response
from pydantic import BaseModel

from services.decision import dossier_paper
from services.decision.access import HEARERS, READING_WATCHERS
from services.decision.api.blueprint import api
from services.decision.commands import declaring, loading, looking
from services.decision.queries.dossier import list_readings
from services.decision.queries.dossier_views import DossierView, ReadingView, WhichAttempt
from shared.web import ById, allow, current_actor, current_database, file_response, make_download, reading, unit_of_work


class Readings(BaseModel):
    """Who has declared, and who of them opened the file when."""

    items: list[ReadingView]


@api.post("/cases/<uuid:id>/declaration", responses={204: None})
@allow(HEARERS)
def post_declaration(path: ById, body: declaring.Declare) -> None:
    """Declare to have no conflict of interest in the case: its file, its evidence and the vote open."""
    with unit_of_work() as session:
        declaring.declare_no_conflict(session, current_actor(), path.id, body)


@api.get("/cases/<uuid:id>/dossier", responses={200: DossierView})
@allow(HEARERS)
def get_dossier(path: ById, query: WhichAttempt) -> DossierView:
    """The whole file as it was frozen; refused before the declaration (`declaration-missing`)."""
    with unit_of_work() as session:
        return looking.open_dossier(session, current_actor(), path.id, query.attempt)


@api.get("/cases/<uuid:id>/dossier.pdf", responses={200: file_response("application/pdf")})
@allow(HEARERS)
def get_dossier_paper(path: ById, query: WhichAttempt) -> Response:
    """The same as one PDF with a table of contents."""
    name, data = dossier_paper.load_dossier_paper(current_database(), current_actor(), path.id, query.attempt)
    return make_download(data, name, "application/pdf")


@api.get("/cases/<uuid:id>/dossier/readings", responses={200: Readings})
@allow(READING_WATCHERS)
def get_dossier_readings(path: ById) -> Readings:
    """Which officers and panel members have declared, and when they opened the file."""
    with reading() as session:
        return Readings(items=list_readings(session, loading.load_case(session, path.id)))
