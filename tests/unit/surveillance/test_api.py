"""The yearly report from window to review, over the API."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.surveillance.timers import advance_reports
from shared.contracts.certificate import CertificateWithdrawn
from shared.contracts.surveillance import SurveillanceReported, SurveillanceReviewed
from shared.database.unit import Database
from tests.pdfs import ACTIVE, write_pdf
from tests.unit.surveillance.asking import API, CERTIFICATE, DUE, FIRST, SECOND, ask, bearer, hold
from tests.unit.surveillance.facts import HEAD, HOLDER, UNITS, hear, issued, report, told
from tests.unit.surveillance.test_reactions import AT, SHORT, filed

Move = Callable[[date], None]
PDF = write_pdf()


@pytest.fixture
def opened(client: FlaskClient, database: Database, on_day: Move) -> FlaskClient:
    on_day(DUE - timedelta(days=20))
    hold(database)
    return client


def test_a_holder_sees_the_certificate_and_what_is_due(opened: FlaskClient) -> None:
    [held] = ask(opened, HOLDER, "/holdings").json["items"]
    assert held["certificate_id"] == str(CERTIFICATE)
    assert held["units"][0]["code"] == UNITS[0]
    assert held["units"][0]["title_id"]
    first, second = held["surveillances"]
    assert (first["state"], first["due_on"], first["can_report"]) == ("open", "2027-11-21", True)
    assert (second["state"], second["can_report"]) == ("scheduled", False)


def test_a_draft_is_kept_for_the_holder_alone(opened: FlaskClient) -> None:
    saved = ask(opened, HOLDER, f"/reports/{FIRST}/draft", {"employer": "Perpustakaan Contoh"}, "PUT")
    assert saved.status_code == 200
    assert ask(opened, HOLDER, f"/reports/{FIRST}").json["draft"]["employer"] == "Perpustakaan Contoh"
    assert ask(opened, HEAD, f"/reports/{FIRST}").json["draft"] is None


def test_a_report_with_gaps_is_refused_naming_them_and_changes_nothing(opened: FlaskClient, database: Database) -> None:
    answer = ask(opened, HOLDER, f"/reports/{FIRST}/file", report(position="", units=[]))
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json["errors"]} == {"position", "units"}
    assert told(database, SurveillanceReported) == []


def test_a_complete_report_is_handed_in_and_maintained(opened: FlaskClient, database: Database) -> None:
    filed_ = ask(opened, HOLDER, f"/reports/{FIRST}/file", report())
    assert (filed_.status_code, filed_.json["state"]) == (200, "reported")
    assert len(told(database, SurveillanceReported)) == 1
    [waiting] = ask(opened, HEAD, "/reviews").json["items"]
    assert waiting["surveillance_id"] == str(FIRST)
    answer = ask(opened, HEAD, f"/reports/{FIRST}/review", {"outcome": "maintained"})
    assert (answer.status_code, answer.json["state"]) == (200, "maintained")
    [reviewed] = told(database, SurveillanceReviewed)
    assert (reviewed.outcome, reviewed.answer_by) == ("maintained", None)
    assert ask(opened, HEAD, "/reviews").json["items"] == []


def test_a_report_is_not_handed_in_twice(opened: FlaskClient, database: Database) -> None:
    ask(opened, HOLDER, f"/reports/{FIRST}/file", report())
    assert ask(opened, HOLDER, f"/reports/{FIRST}/file", report()).status_code == 409
    assert len(told(database, SurveillanceReported)) == 1


def test_next_years_report_is_not_taken_yet(opened: FlaskClient) -> None:
    answer = ask(opened, HOLDER, f"/reports/{SECOND}/file", report())
    assert (answer.status_code, answer.json["code"]) == (409, "surveillance-not-open")


def test_a_clarification_gives_fourteen_working_days_and_is_answered_by_a_new_round(
    opened: FlaskClient, database: Database
) -> None:
    ask(opened, HOLDER, f"/reports/{FIRST}/file", report())
    ask(opened, HEAD, f"/reports/{FIRST}/review", {"outcome": "clarification_needed", "reasons": "Bukti kurang."})
    [reviewed] = told(database, SurveillanceReviewed)
    assert reviewed.answer_by == date(2027, 11, 19)
    again = ask(opened, HOLDER, f"/reports/{FIRST}/file", report(changes="Bukti ditambah (contoh)."))
    assert [one["round"] for one in again.json["reports"]] == [1, 2]
    assert len({one["sha256"] for one in again.json["reports"]}) == 2


def test_reasons_are_wanted_for_anything_but_maintained(opened: FlaskClient, database: Database) -> None:
    ask(opened, HOLDER, f"/reports/{FIRST}/file", report())
    answer = ask(opened, HEAD, f"/reports/{FIRST}/review", {"outcome": "suspension_proposed", "reasons": "  "})
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "reasons")
    assert told(database, SurveillanceReviewed) == []


def test_a_silent_holder_is_proposed_for_suspension_and_the_officers_see_it(
    client: FlaskClient, database: Database, on_day: Move
) -> None:
    on_day(DUE + timedelta(days=3))
    hold(database)
    [late] = ask(client, HEAD, "/reviews").json["items"]
    assert late["state"] == "overdue"
    body = {"outcome": "suspension_proposed", "reasons": "Tidak melapor (contoh)."}
    assert ask(client, HEAD, f"/reports/{FIRST}/review", body).json["state"] == "suspension_proposed"
    assert len(ask(client, HEAD, "/proposals").json["items"]) == 1
    assert ask(client, HOLDER, f"/reports/{FIRST}/file", report()).json["state"] == "reported"


def test_what_is_in_evidence_is_told_to_who_reviews_it(opened: FlaskClient) -> None:
    change, kinds = ACTIVE["an attached file"]
    sent: Any = opened.post(
        f"{API}/reports/{FIRST}/documents",
        data={"file": (BytesIO(write_pdf(change, packed=True)), "bukti contoh.pdf")},
        headers=bearer(HOLDER),
    )
    assert sent.status_code == 201
    read = ask(opened, HEAD, f"/reports/{FIRST}")
    assert [set(one["active_content"]) for one in read.json["documents"]] == [kinds]


def test_nothing_is_reported_on_a_withdrawn_certificate(opened: FlaskClient, database: Database) -> None:
    hear(database, CertificateWithdrawn(**SHORT, reason="contoh", at=AT), sequence=2)
    answer = ask(opened, HOLDER, f"/reports/{FIRST}/file", report())
    assert (answer.status_code, answer.json["code"]) == (409, "certificate-ended")


def test_evidence_is_uploaded_encrypted_and_read_back(opened: FlaskClient, database: Database) -> None:
    sent: Any = opened.post(
        f"{API}/reports/{FIRST}/documents",
        data={"file": (BytesIO(PDF), "bukti contoh.pdf")},
        headers=bearer(HOLDER),
    )
    assert sent.status_code == 201
    document = sent.json["document_id"]
    evidence = [{"title": "Bukti (contoh)", "document": document}]
    assert ask(opened, HOLDER, f"/reports/{FIRST}/file", report(evidence=evidence)).status_code == 200
    read = ask(opened, HEAD, f"/reports/{FIRST}/documents/{document}")
    assert read.data == PDF
    assert "attachment" in read.headers["Content-Disposition"]
    assert ask(opened, HEAD, f"/reports/{SECOND}/documents/{document}").status_code == 404


def test_what_is_not_a_document_is_refused(opened: FlaskClient) -> None:
    answer: Any = opened.post(
        f"{API}/reports/{FIRST}/documents", data={"file": (BytesIO(b"<script>"), "x.pdf")}, headers=bearer(HOLDER)
    )
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "file")


def test_evidence_of_another_report_is_no_evidence(opened: FlaskClient) -> None:
    evidence = [{"title": "Bukti (contoh)", "document": str(CERTIFICATE)}]
    answer = ask(opened, HOLDER, f"/reports/{FIRST}/file", report(evidence=evidence))
    assert [error["field"] for error in answer.json["errors"]] == ["evidence.0.document"]


def test_the_inventory_lists_what_expires_within_six_months(
    client: FlaskClient, database: Database, on_day: Move
) -> None:
    on_day(date(2029, 6, 1))
    hold(database)
    hold(database, certificate_id=SECOND, number="=contoh", expires_on=date(2031, 1, 1))
    listed = ask(client, HEAD, "/inventory").json
    assert [row["number"] for row in listed["items"]] == ["91011 2622 5 000001 2026"]
    assert (listed["items"][0]["renewal"], listed["items"][0]["invited_at"]) == ("none", 180)
    assert ask(client, HEAD, "/inventory?everything=true").json["total"] == 2
    assert ask(client, HEAD, "/inventory?within=90").json["total"] == 0
    assert ask(client, HEAD, "/inventory?scheme=lain").json["total"] == 0
    assert ask(client, HEAD, "/inventory?status=suspended").json["total"] == 0
    assert ask(client, HEAD, "/inventory?q=siti").json["total"] == 1
    sheet = ask(client, HEAD, "/inventory.csv?everything=true").data.decode("utf-8-sig")
    assert "'=contoh" in sheet


def test_who_applied_is_marked_in_the_inventory(client: FlaskClient, database: Database, on_day: Move) -> None:
    on_day(date(2029, 6, 1))
    hold(database)
    hear(database, filed("91011 2622 5 000001 2026"))
    assert ask(client, HEAD, "/inventory").json["items"][0]["renewal"] == "applied"
    held = ask(client, HOLDER, f"/holdings/{CERTIFICATE}").json
    assert (held["applied"], held["renewable"]) == (True, False)


def test_a_renewed_certificate_stands_in_a_chain(client: FlaskClient, database: Database, on_day: Move) -> None:
    on_day(date(2029, 10, 1))
    hold(database)
    hear(
        database,
        issued(
            certificate_id=SECOND,
            number="B 2029",
            renews="91011 2622 5 000001 2026",
            issued_on=date(2029, 10, 1),
            expires_on=date(2032, 10, 1),
        ),
    )
    advance_reports(database)
    [chain] = ask(client, HOLDER, "/history").json["chains"]
    assert [(one["number"], one["renewed_by"]) for one in chain] == [
        ("91011 2622 5 000001 2026", "B 2029"),
        ("B 2029", None),
    ]
    assert ask(client, HEAD, f"/holders/{HOLDER.id}/history").json["chains"] == [chain]
