"""The cases for officers, secretariat and auditors."""

import json
from uuid import UUID

from flask.typing import ResponseReturnValue

from services.decision.access import READERS
from services.decision.commands import looking
from services.decision.domain.workflow import CaseState
from services.decision.pages.blueprint import pages
from services.decision.queries import cases as queries
from shared.web import (
    PageQuery,
    allow,
    current_actor,
    make_download,
    noting_look,
    read_query,
    reading,
    render_page,
)


@pages.get("/cases")
@allow(READERS)
def show_decision_cases() -> ResponseReturnValue:
    """The list of cases, filtered by state and words."""
    query = read_query(PageQuery)
    with reading() as session:
        return render_page(
            "decision/cases.html",
            cases=queries.list_decision_cases(session, query),
            query=query,
            states=list(CaseState),
        )


@pages.get("/cases/<uuid:id>")
@allow(READERS)
def show_decision_case(id: UUID) -> ResponseReturnValue:
    """One case with its recommendations, opinions and decisions."""
    with noting_look() as session:
        found = looking.open_decision_case(session, current_actor(), id)
    return render_page("decision/case.html", case=found)


@pages.get("/decisions/<uuid:id>/file")
@allow(READERS)
def show_frozen_file(id: UUID) -> ResponseReturnValue:
    """The frozen file for download: these bytes have the hash that the decision names (R12)."""
    with noting_look() as session:
        row = looking.open_frozen_decision(session, current_actor(), id)
    name = f"putusan-{json.loads(row.file)['decision']['decree_number'].replace('/', '-')}.json"
    return make_download(row.file.encode(), name, "application/json")
