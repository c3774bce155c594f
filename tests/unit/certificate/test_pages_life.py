"""The chair's acts and the versions on pages; what holds something up, in words that say what to do."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from services.certificate.commands.life import Suspend, suspend_certificate
from services.certificate.commands.revising import Reissue, reissue_certificate
from services.certificate.domain.states import State
from services.certificate.jobs import jobs as certificate_jobs
from services.certificate.making.advice import ADVICE, Code, find_advice
from services.certificate.models import Certificate
from shared import clock
from shared.database.unit import Database
from shared.messaging.models import JobRow, JobState
from shared.security.roles import OFFICERS, Role
from tests.unit.certificate.scene import CHAIR, REASON, SCHEME, Candidate, cleared
from tests.unit.certificate.test_api import issue
from tests.unit.certificate.web import API, bearer, committed, person, said, sign_in

Move = Callable[[date], None]
CHAIR_ACTS = ("reissue", "reduce", "abandon", "retry")


@pytest.fixture
def certificate(client: FlaskClient, database: Database, candidate: Candidate) -> Certificate:
    return issue(database, candidate)


def fail(database: Database, error: str, state: str = JobState.WAITING) -> None:
    """The last job has failed so."""
    with database.unit_of_work() as session:
        job = session.scalars(select(JobRow).where(JobRow.state != JobState.DONE).order_by(JobRow.id.desc())).first()
        assert job is not None
        job.error, job.state, job.tries = error, state, 3


def test_the_name_is_corrected_and_both_versions_can_be_taken(
    client: FlaskClient, database: Database, certificate: Certificate, candidate: Candidate
) -> None:
    csrf = sign_in(client, CHAIR)
    place = f"/certificate/{certificate.id}"
    assert 'value="SITI CONTOH"' in client.get(f"{place}/reissue").text
    refused = client.post(f"{place}/reissue", data={"csrf_token": csrf, "holder_name": "سيتي", "reason": REASON.reason})
    assert (refused.status_code, "huruf Latin" in refused.text) == (422, True)
    given = {"csrf_token": csrf, "holder_name": "Siti Aminah Contoh", "reason": "Nama tidak sama dengan ijazah."}
    making = client.post(f"{place}/reissue", data=given, follow_redirects=True).text
    assert "Versi 2 sedang dibuat" in making
    assert f"{place}/reissue" not in making
    certificate_jobs.run_due(database)
    done = client.get(place).text
    assert "SITI AMINAH CONTOH" in done
    assert "Nama tidak sama dengan ijazah." in done
    sign_in(client, candidate.actor)
    own = client.get(place).text
    for version in (1, 2):
        assert f"{place}/pdf?version={version}" in own
        assert client.get(f"{place}/pdf?version={version}").data.startswith(b"%PDF")
    assert client.get(f"{place}/pdf?version=3").status_code == 404
    assert "Sudah diganti versi baru" in own


def test_units_are_taken_away_by_unticking_them(
    client: FlaskClient, database: Database, certificate: Certificate
) -> None:
    csrf = sign_in(client, CHAIR)
    place = f"/certificate/{certificate.id}"
    assert client.get(f"{place}/reduce").text.count(" checked") == len(SCHEME.codes)
    for units, words in (([], "sedikitnya satu unit"), (list(SCHEME.codes), "Hapus tanda pada unit")):
        refused = client.post(f"{place}/reduce", data={"csrf_token": csrf, "units": units, "reason": REASON.reason})
        assert (refused.status_code, words in refused.text) == (422, True)
    given = {"csrf_token": csrf, "units": list(SCHEME.codes[1:]), "reason": REASON.reason}
    assert client.post(f"{place}/reduce", data=given).status_code == 303
    certificate_jobs.run_due(database)
    assert "Berlaku, lingkup dikurangi" in client.get(place).text


def test_what_cannot_be_made_is_told_with_what_to_do_tried_again_or_given_up(
    client: FlaskClient, database: Database, certificate: Certificate, candidate: Candidate
) -> None:
    given = Reissue(reason=REASON.reason, holder_name="SITI AMINAH CONTOH")
    committed(database, lambda session: reissue_certificate(session, CHAIR, certificate.id, given))
    fail(database, "NotReady: signing-key: it was valid until 2026-11-20", JobState.DEAD)
    csrf = sign_in(client, CHAIR)
    place = f"/certificate/{certificate.id}"
    page = client.get(place).text
    assert ADVICE[Code.SIGNING_KEY].waiting in page
    assert "Sudah dicoba 3 kali; tidak dicoba lagi sendiri." in page
    assert "Dicoba lagi sekarang" in client.post(
        f"{place}/retry", data={"csrf_token": csrf}, follow_redirects=True
    ).text  # fmt: skip
    sign_in(client, candidate.actor)
    assert ADVICE[Code.SIGNING_KEY].waiting not in client.get(place).text
    assert "Sedang dibuat" not in client.get(place).text
    csrf = sign_in(client, CHAIR)
    client.post(f"{place}/abandon", data={"csrf_token": csrf, "reason": REASON.reason})
    certificate_jobs.run_due(database)
    assert "SITI AMINAH" not in client.get(f"{place}/reissue").text
    again = client.post(f"{place}/retry", data={"csrf_token": csrf}, follow_redirects=True).text
    assert "Tidak ada versi baru" in again


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("NotReady: store: the object store takes nothing", ADVICE[Code.STORE].waiting),
        ("StoreUnavailable: connection refused", ADVICE[Code.STORE].waiting),
        ("NotReady: clock: away", ADVICE[Code.CLOCK].waiting),
        ("NotReady: credential-key: none", ADVICE[Code.CREDENTIAL_KEY].waiting),
        ("NotReady: template: broken", ADVICE[Code.TEMPLATE].waiting),
        ("DocumentError: no glyph", ADVICE[Code.TEMPLATE].waiting),
        ("NotFound: scheme-unknown", ADVICE[Code.SCHEME].waiting),
        ("NumbersUsedUp: serial", ADVICE[Code.NUMBERS].waiting),
        ("ZeroDivisionError: x", ADVICE[Code.OTHER].waiting),
    ],
)
def test_every_error_comes_with_advice(error: str, words: str) -> None:
    assert find_advice(error) == [words]


def test_an_order_that_waits_for_its_number_says_why_and_is_tried_again(
    client: FlaskClient, database: Database, candidate: Candidate
) -> None:
    committed(database, lambda session: cleared(session, candidate))
    fail(database, "NotReady: clock: away; store: full")
    csrf = sign_in(client, CHAIR)
    page = client.get("/certificate/").text
    assert ADVICE[Code.CLOCK].waiting in page
    assert ADVICE[Code.STORE].waiting in page
    place = f"/certificate/orders/{candidate.application_id}/retry"
    assert "Dicoba lagi sekarang" in client.post(place, data={"csrf_token": csrf}, follow_redirects=True).text
    (order,) = said(client.get(f"{API}/orders", headers=bearer(CHAIR)))["items"]
    assert (order["trouble"]["stopped"], order["trouble"]["tries"]) == (False, 0)
    (own,) = said(client.get(f"{API}/mine", headers=bearer(candidate.actor)))["orders"]
    assert own["trouble"] is None


def test_a_suspension_past_its_limit_comes_with_both_proposals(
    client: FlaskClient, database: Database, certificate: Certificate, on_day: Move
) -> None:
    limit = Suspend(reason=REASON.reason, until=clock.today() + timedelta(days=5))
    committed(database, lambda session: suspend_certificate(session, CHAIR, certificate.id, limit))
    sign_in(client, CHAIR)
    assert "melewati batas" not in client.get("/certificate/").text
    on_day(clock.today() + timedelta(days=6))
    page = client.get("/certificate/").text
    assert f"/certificate/{certificate.id}/withdraw" in page
    assert f"/certificate/{certificate.id}/reduce" in page
    sign_in(client, person(Role.AUDITOR))
    page = client.get("/certificate/").text
    assert "Pencabutan atau pengurangan lingkup" in page
    assert f"/certificate/{certificate.id}/withdraw" not in page


def test_a_version_too_long_in_the_making_is_on_the_work_list(
    client: FlaskClient, database: Database, certificate: Certificate, on_day: Move
) -> None:
    given = Reissue(reason=REASON.reason, holder_name="SITI AMINAH CONTOH")
    committed(database, lambda session: reissue_certificate(session, CHAIR, certificate.id, given))
    fail(database, "RuntimeError: contoh")
    on_day(clock.today() + timedelta(days=1))
    (row,) = said(client.get(f"{API}/work", headers=bearer(CHAIR)))["in_the_making"]
    assert (row["cause"], row["trouble"]["advice"]) == ("correction", [ADVICE[Code.OTHER].waiting])
    sign_in(client, CHAIR)
    assert "Terlalu lama dalam pembuatan" in client.get("/certificate/").text


def test_the_holder_sees_code_link_and_how_to_share(
    client: FlaskClient, certificate: Certificate, candidate: Candidate
) -> None:
    sign_in(client, candidate.actor)
    page = client.get(f"/certificate/{certificate.id}").text
    assert "data:image/png;base64," in page
    assert certificate.current.check_url in page
    assert f"/certificate/{certificate.id}/credential" in page
    assert "Tindakan ketua" not in page


def test_a_suspended_holder_is_told_what_that_means(
    client: FlaskClient, database: Database, certificate: Certificate, candidate: Candidate
) -> None:
    limit = Suspend(reason=REASON.reason, until=clock.today() + timedelta(days=5))
    committed(database, lambda session: suspend_certificate(session, CHAIR, certificate.id, limit))
    sign_in(client, candidate.actor)
    assert "jangan mengaku tersertifikasi" in client.get(f"/certificate/{certificate.id}").text
    assert "Ditangguhkan" in client.get("/certificate/").text


@pytest.mark.parametrize("act", CHAIR_ACTS)
@pytest.mark.parametrize("role", sorted({*OFFICERS, Role.SECRETARIAT, Role.AUDITOR, Role.APPLICANT} - {Role.CHAIR}))
def test_new_versions_are_the_chairs(client: FlaskClient, certificate: Certificate, role: Role, act: str) -> None:
    csrf = sign_in(client, person(role))
    assert client.post(f"/certificate/{certificate.id}/{act}", data={"csrf_token": csrf}).status_code == 403
    client.delete_cookie("kompeten_token")
    answer = client.post(f"{API}/certificates/{certificate.id}/{act}", json={}, headers=bearer(person(role)))
    assert answer.status_code == 403


def test_over_the_api_a_new_version_is_asked_for_and_seen_in_the_making(
    client: FlaskClient, database: Database, certificate: Certificate
) -> None:
    body = {"reason": REASON.reason, "units": SCHEME.codes[:1]}
    answer = client.post(f"{API}/certificates/{certificate.id}/reduce", json=body, headers=bearer(CHAIR))
    assert answer.status_code == 202
    assert [version["state"] for version in said(answer)["versions"]] == ["current", "making"]
    certificate_jobs.run_due(database)
    view = said(client.get(f"{API}/certificates/{certificate.id}", headers=bearer(CHAIR)))
    assert (view["state"], view["units"]) == (State.REDUCED, SCHEME.codes[:1])
    assert [version["state"] for version in view["versions"]] == ["superseded", "current"]
