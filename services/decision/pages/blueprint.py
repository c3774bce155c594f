"""The blueprint that every part of decision's pages adds its views to."""

from typing import Any

from pydantic import BaseModel

from services.decision.access import APPEAL_OVERSEERS, LOST_FILE_READERS, READERS, READERS_AND_OFFICE_KEEPERS, STAFF
from shared.errors import N_
from shared.web import Form, Pages, Place

pages = Pages("decision", __name__)

MENU = (
    Place("/decision/", N_("Daftar kerja"), frozenset(STAFF)),
    Place("/decision/meetings", N_("Rapat keputusan"), frozenset(READERS)),
    Place("/decision/cases", N_("Berkas"), frozenset(READERS)),
    Place("/decision/appeals", N_("Banding"), frozenset(APPEAL_OVERSEERS)),
    Place("/decision/officers", N_("Pejabat"), frozenset(READERS_AND_OFFICE_KEEPERS)),
    Place("/decision/lost-files", N_("Berkas hilang"), frozenset(LOST_FILE_READERS)),
)


def prepare_forms(sent: Form[Any] | None, *models: type[BaseModel]) -> dict[str, Form[Any]]:
    """The forms of a page by their model's name: the one that was sent and refused, the others fresh."""
    return {model.__name__: sent if sent is not None and sent.model is model else Form(model) for model in models}
