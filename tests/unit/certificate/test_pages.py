import re

import pytest
from flask.testing import FlaskClient

from services.certificate.body_settings import agreement_text
from services.certificate.models import Certificate
from shared.database.unit import Database
from shared.security.roles import OFFICERS, Role
from tests.unit.certificate.scene import CHAIR, REASON, Candidate, hear, issued, numbered
from tests.unit.certificate.web import committed, person, sign_in


@pytest.fixture
def certificate(database: Database, candidate: Candidate) -> Certificate:
    found: Certificate = committed(database, lambda session: issued(session, candidate))
    return found


def test_the_holder_reads_signs_and_downloads(client: FlaskClient, database: Database, candidate: Candidate) -> None:
    committed(
        database, lambda session: hear(session, candidate.submitted(), candidate.photographed(), candidate.decided())
    )
    csrf = sign_in(client, candidate.actor)
    assert "Baca dan tandatangani" in client.get("/certificate/").text
    place = f"/certificate/agreement/{candidate.application_id}"
    assert agreement_text().points[0].id in client.get(place).text
    refused = client.post(place, data={"csrf_token": csrf, "name": candidate.actor.name})
    assert (refused.status_code, "Centang" in refused.text) == (422, True)
    signed = client.post(place, data={"csrf_token": csrf, "name": candidate.actor.name, "agreed": "true"})
    assert signed.status_code == 303
    from services.certificate.jobs import jobs as certificate_jobs

    certificate_jobs.run_due(database)
    own = client.get("/certificate/").text
    (link,) = re.findall(r'href="(/certificate/[0-9a-f-]+/pdf)"', own)
    assert client.get(link).data.startswith(b"%PDF")


@pytest.mark.parametrize("role", [*OFFICERS, Role.SECRETARIAT, Role.AUDITOR])
def test_officers_see_work_list_register_and_record(client: FlaskClient, certificate: Certificate, role: Role) -> None:
    sign_in(client, person(role))
    assert client.get("/certificate/").status_code == 200
    assert certificate.number in client.get("/certificate/register").text
    assert client.get("/certificate/register?status=nonsense&page=x").status_code == 200
    record = client.get(f"/certificate/{certificate.id}").text
    assert ("Tindakan ketua" in record) is (role is Role.CHAIR)
    assert client.get("/certificate/register.csv").status_code == 200


def test_a_refused_act_shows_its_form_again(client: FlaskClient, certificate: Certificate) -> None:
    csrf = sign_in(client, CHAIR)
    place = f"/certificate/{certificate.id}/suspend"
    assert client.get(place).status_code == 200
    answer = client.post(place, data={"csrf_token": csrf, "reason": REASON.reason, "until": "2020-01-01"})
    assert answer.status_code == 422
    assert "Pilih tanggal setelah hari ini." in answer.text
    assert REASON.reason in answer.text


def test_a_voided_number_is_replaced_with_one_press(
    client: FlaskClient, database: Database, candidate: Candidate
) -> None:
    making = committed(database, lambda session: numbered(session, candidate))
    csrf = sign_in(client, CHAIR)
    refused = client.post(f"/certificate/{making.id}/renumber", data={"csrf_token": csrf}, follow_redirects=True)
    assert "setelah nomor sebelumnya dibatalkan" in refused.text
    client.post(f"/certificate/{making.id}/void", data={"csrf_token": csrf, "reason": REASON.reason})
    done = client.post(f"/certificate/{making.id}/renumber", data={"csrf_token": csrf}, follow_redirects=True)
    assert "Nomor baru diminta" in done.text


def test_acting_without_the_forms_secret_is_refused(client: FlaskClient, certificate: Certificate) -> None:
    sign_in(client, CHAIR)
    answer = client.post(f"/certificate/{certificate.id}/withdraw", data={"reason": REASON.reason})
    assert answer.status_code == 403
