"""Leaks put in on purpose: the harness finds each, and names the person, the page and the difference.

This failure mode means: a crawl that looks away would find every system equal.
"""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.assessment.models import Case
from services.assessment.queries import cases
from services.assessment.queries.views import CaseView
from services.decision.commands import loading
from services.decision.models import Appeal
from services.decision.queries import appeals
from services.notification import reactions
from services.notification.writing import write_letter
from shared.errors import Forbidden
from tests.worlds import script
from tests.worlds.conftest import Grown
from tests.worlds.world import World

pytestmark = pytest.mark.timeout(900)

ON_APPEAL, WITHOUT = "re-assessed on appeal", "re-assessed without appeal"


def tell_in(service: str, model: type, add: Callable[[Response, int], object]) -> Callable[[World], None]:
    """Plants into every answer of a service how many records of a kind it keeps."""

    def plant(world: World) -> None:
        assert world.body is not None
        one = world.body.services[service]

        def tell(answer: Response) -> Response:
            with one.database.reading() as session:
                add(answer, session.scalar(select(func.count()).select_from(model)) or 0)
            return answer

        one.app.after_request(tell)

    return plant


PLANTS: dict[str, tuple[str, type, Callable[[Response, int], object], str]] = {
    "a header of a count": ("decision", Appeal, lambda answer, n: answer.headers.add("X-Total-Count", str(n)), "X-Tot"),
    "an ETag": ("decision", Appeal, lambda answer, n: answer.set_etag(f"v{n}"), "ETag: "),
    "an answer of another length": (
        "decision",
        Appeal,
        lambda answer, n: answer.set_data(answer.get_data() + b" " * n),
        "Content-Length",
    ),
    "a cookie": ("decision", Appeal, lambda answer, n: answer.set_cookie("seen", str(n)), "seen="),
}


@pytest.mark.parametrize("name", PLANTS)
def test_what_is_planted_in_answers_is_found(grown: Grown, name: str) -> None:
    service, model, add, trace = PLANTS[name]
    told = grown.differences(
        "asesor2", ON_APPEAL, WITHOUT, parts="^/decision/api/rec", planted=tell_in(service, model, add)
    )
    assert any("asesor2: GET /decision/api/recommendations" in line and trace in line for line in told), told


def test_a_flag_in_json_is_found(grown: Grown, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = cases._bare

    def tell(case: Case) -> CaseView:
        more = len(case.excluded_assessors)
        return bare(case).model_copy(update={"scheme_title": f"{case.file.scheme_title} {more}"})

    monkeypatch.setattr(cases, "_bare", tell)
    told = grown.differences("asesor2", ON_APPEAL, WITHOUT, parts="^/assessment/api/cases/<uuid:id>$")
    assert any("asesor2: GET /assessment/api/cases/" in line and '"scheme_title"' in line for line in told), told


def test_403_for_what_is_there_and_404_for_what_is_not_is_found(grown: Grown, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(session: Session, actor: Any, appeal_id: Any) -> Any:
        loading.load_appeal(session, appeal_id)
        raise Forbidden("not-on-panel", "Anda bukan anggota panel.")

    monkeypatch.setattr(appeals, "find_visible_appeal", refuse)
    told = grown.differences("asesor2", ON_APPEAL, WITHOUT, parts="^/decision/api/appeals/<uuid:id>$")
    assert any("asesor2: GET /decision/api/appeals/" in line and "403" in line and "404" in line for line in told), told


def test_the_subject_of_a_mail_is_found(grown: Grown, monkeypatch: pytest.MonkeyPatch) -> None:

    def tell(letter: str, language: str, seen: dict[str, Any]) -> tuple[str, str]:
        title, text = write_letter(letter, language, seen)
        return f"{title} sesudah banding", text

    grown.have(WITHOUT)
    grown.have("appealed")
    monkeypatch.setattr(reactions, "write_letter", tell)
    grown.worlds.grow("mailed", "appealed", (script.uphold, script.reassign))
    told = grown.differences("asesor2", "mailed", WITHOUT, parts="^/decision/api/rec")
    assert any("asesor2: mails" in line and "sesudah banding" in line for line in told), told
