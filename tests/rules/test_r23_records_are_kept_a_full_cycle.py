"""R23 (7.1): records are kept at least one full certification cycle.

Their disposal is not built: nothing takes a record away, which is what is tried here.
"""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from kompeten.demo.client import Refused
from services.certificate.models import Version
from shared import clock
from shared.errors import Invalid
from shared.objectstore import object_store
from tests.rules.playing import Candidate, Played

Held = tuple[Candidate, dict[str, Any]]


def find_version_key(played: Played, holder: Held) -> str:
    with played.body.services["certificate"].database.reading() as session:
        wanted = select(Version.object_key).where(Version.certificate_id == UUID(holder[1]["id"]))
        return str(session.scalar(wanted))


def test_the_file_of_a_certificate_is_deleted_by_nobody(played: Played, holder: Held) -> None:
    """The store itself refuses, also years later, when the certificate has just ended."""
    key, store = find_version_key(played, holder), object_store()
    last = date.fromisoformat(holder[1]["expires_on"])
    for ahead in (0, (last - played.cast.today).days + 1):
        clock.set_ahead(ahead * 86_400)
        with pytest.raises(Invalid) as caught:
            store.delete(key)
        assert caught.value.code == "object-kept"
        assert store.exists(key)


def test_no_applicant_takes_away_what_was_filed(played: Played, holder: Held) -> None:
    candidate = holder[0]
    path = f"/registration/api/applications/{candidate.application}/documents"
    documents = candidate.me.get(path)
    played.cast.ids["pemegang"] = candidate.me.get("/registration/api/me")["id"]
    for document in documents:
        with pytest.raises(Refused):
            candidate.me._send("DELETE", f"{path}/{document['id']}")
        page = f"{path.replace('/api', '')}/{document['id']}/remove"
        played.send_form("pemegang", page, {})
    with pytest.raises(Refused):
        candidate.me.post(f"/registration/api/applications/{candidate.application}/withdraw", {"reason": "Contoh saja"})
    assert candidate.me.get(path) == documents


def test_the_timers_of_many_years_take_nothing_of_the_file(played: Played, holder: Held) -> None:
    candidate, day = holder[0], 86_400
    before = played.show_case(candidate)
    clock.set_ahead(365 * 7 * day)
    played.body.settle()
    clock.set_ahead(0)
    assert played.show_case(candidate)["decisions"] == before["decisions"]
    assert candidate.me.download(f"/certificate/api/certificates/{holder[1]['id']}/pdf")
