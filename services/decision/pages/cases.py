"""The cases for officers, secretariat and auditors."""

import json
from uuid import UUID

from flask.typing import ResponseReturnValue

from services.decision.access import READERS
from services.decision.domain.workflow import CaseState
from services.decision.pages.blueprint import pages
from services.decision.queries import cases as queries
from shared.web import PageQuery, allow, make_download, read_query, reading, render_page


@pages.get("/cases")
@allow(READERS)
def cases() -> ResponseReturnValue:
    query = read_query(PageQuery)
    with reading() as session:
        return render_page(
            "decision/cases.html", cases=queries.listed(session, query), query=query, states=list(CaseState)
        )


@pages.get("/cases/<uuid:id>")
@allow(READERS)
def case(id: UUID) -> ResponseReturnValue:
    with reading() as session:
        return render_page("decision/case.html", case=queries.detail(session, id))


@pages.get("/decisions/<uuid:id>/file")
@allow(READERS)
def frozen(id: UUID) -> ResponseReturnValue:
    """The frozen file itself: these bytes have the hash that the decision names (R12)."""
    with reading() as session:
        row = queries.frozen_file(session, id)
    name = f"putusan-{json.loads(row.file)['decision']['decree_number'].replace('/', '-')}.json"
    return make_download(row.file.encode(), name, "application/json")
