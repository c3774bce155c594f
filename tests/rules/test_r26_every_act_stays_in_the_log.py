"""R26 (7.1): every act on a case is in an append-only audit log: who, when, what, before and after."""

from typing import Any

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from kompeten.demo.client import Refused
from shared.audit import AuditRow
from shared.chain.verifying import Walk, verify_blocks
from tests.rules.playing import Candidate, Played
from tests.unit.chain.scene import chain, verify

Held = tuple[Candidate, dict[str, Any]]
SERVICES = ("registration", "assessment", "decision", "certificate")


def count_rows(played: Played, service: str) -> int:
    with played.body.services[service].database.reading() as session:
        return session.scalar(select(func.count()).select_from(AuditRow)) or 0


def test_each_stage_tells_who_did_what_when_to_the_case(played: Played, holder: Held) -> None:
    candidate, ids = holder[0], played.cast.ids
    wanted = {
        "registration": (f"application/{candidate.application}", {"application:file", "verification:admit"}),
        "assessment": (f"case/{candidate.case}", {"case:assign", "case:recommend"}),
        "decision": (f"decision/{candidate.application}", {"case:decide"}),
        "certificate": (f"certificate/{holder[1]['id']}", {"certificate:issue"}),
    }
    for service, (subject, actions) in wanted.items():
        acts = played.acts_on(service, subject)
        assert actions <= {act.action for act in acts}, (service, [act.action for act in acts])
        assert all(act.at and act.actor_name and act.correlation_id for act in acts)
    by = {act.action: str(act.actor_id) for act in played.acts_on("decision", f"decision/{candidate.application}")}
    assert by["case:decide"] == ids["ketua"]


def test_what_is_refused_writes_no_act_of_somebody_and_takes_none_away(played: Played, holder: Held) -> None:
    before = {service: count_rows(played, service) for service in SERVICES}
    candidate = holder[0]
    with pytest.raises(Refused):
        candidate.me.post(f"/registration/api/verification/{candidate.application}/admit")
    with pytest.raises(Refused):
        played.cast["asesor2"].post(f"/assessment/api/cases/{candidate.case}/recommendation", {"units": [], "note": ""})
    played.send_form("asesor2", f"/assessment/cases/{candidate.case}/release", {"reason": "Contoh saja"})
    assert {service: count_rows(played, service) for service in SERVICES} == before


@pytest.mark.parametrize("service", SERVICES)
def test_no_request_changes_or_deletes_a_line(played: Played, holder: Held, service: str) -> None:
    """Not the auditor's, not the administrator's: the log has no door but the one that shows it."""
    before = count_rows(played, service)
    client = played.body.services[service].app.test_client()
    rules = [rule for rule in client.application.url_map.iter_rules() if "audit" in rule.rule or "history" in rule.rule]
    assert all((rule.methods or set()) <= {"GET", "HEAD", "OPTIONS"} for rule in rules), rules
    for rule in ("audit", "api/audit", "api/audit-log"):
        assert client.delete(f"/{service}/{rule}").status_code in (303, 401, 403, 404, 405)
    assert count_rows(played, service) == before


def test_a_line_changed_or_taken_away_in_the_database_is_found(played: Played, holder: Held) -> None:
    """By somebody with the database in hand, past the service; afterwards everything is as it was."""
    database = played.body.services["decision"].database
    chain(database)
    assert verify(database) == []
    case = AuditRow.subject == f"decision/{holder[0].application}"
    for statement in (update(AuditRow).where(case).values(actor_name="ORANG LAIN"), delete(AuditRow).where(case)):
        with database.engine.connect() as connection:
            changed = connection.begin()
            connection.execute(statement)
            with Session(connection) as session:
                assert list(verify_blocks(session, "decision", Walk()))
            changed.rollback()
    assert verify(database) == []
