from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.certificate.commands.agreement import sign_agreement
from shared.audit import AuditRow
from shared.errors import Conflict, Invalid
from tests.unit.certificate.scene import Candidate, hear


def test_the_holder_signs_and_it_is_noted(session: Session, candidate: Candidate) -> None:
    hear(session, candidate.recommended())
    order = candidate.sign(session)
    session.flush()
    assert order.agreed_at is not None
    assert order.agreed_version == candidate.signature().version
    assert [row.action for row in session.scalars(select(AuditRow))] == ["agreement:sign"]


@pytest.mark.parametrize("name", ["SITI CONTOH", "siti contoh", "  Siti   Contoh "])
def test_case_and_spaces_of_the_typed_name_do_not_matter(session: Session, candidate: Candidate, name: str) -> None:
    hear(session, candidate.recommended())
    given = candidate.signature(name=name)
    assert sign_agreement(session, candidate.actor, candidate.application_id, given).agreed_at


@pytest.mark.parametrize(("changes", "field"), [({"agreed": False}, "agreed"), ({"name": "Budi Contoh"}, "name")])
def test_without_consent_or_with_another_name_nothing_is_signed(
    session: Session, candidate: Candidate, changes: dict[str, Any], field: str
) -> None:
    hear(session, candidate.recommended())
    given = candidate.signature(**changes)
    with pytest.raises(Invalid) as refusal:
        sign_agreement(session, candidate.actor, candidate.application_id, given)
    assert set(refusal.value.fields) == {field}


def test_a_text_that_changed_meanwhile_is_read_again(session: Session, candidate: Candidate) -> None:
    hear(session, candidate.recommended())
    given = candidate.signature(version="2020.1")
    with pytest.raises(Conflict, match="diperbarui"):
        sign_agreement(session, candidate.actor, candidate.application_id, given)


def test_it_is_signed_once(session: Session, candidate: Candidate) -> None:
    hear(session, candidate.recommended())
    candidate.sign(session)
    with pytest.raises(Conflict, match="sudah"):
        candidate.sign(session)
