"""A request that comes again is done once and answered the same."""

from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from shared.clock import read_from, real_now
from shared.database.answers import KEPT_ANSWERS, KeptAnswer
from shared.database.claims import LEASE_SECONDS
from shared.database.retention import sweep_rows
from shared.database.unit import Database
from shared.security.actor import Actor
from shared.security.roles import Role
from shared.web import App, idempotency
from tests.unit.web.conftest import bearer, person, sign_in
from tests.unit.web.tiny import Note

KEY = "kunci-contoh-0001"
BODY = {"title": "CATATAN", "born": "1990-01-01"}


def write(client: FlaskClient, actor: Actor, body: object = BODY, key: str = KEY) -> TestResponse:
    return client.post("/tiny/api/notes", json=body, headers={**bearer(actor), "Idempotency-Key": key})


def count_notes(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Note)) or 0


def kept(database: Database) -> list[KeptAnswer]:
    with database.reading() as session:
        return list(session.scalars(select(KeptAnswer)))


def test_the_same_request_is_done_once_and_answered_the_same(client: FlaskClient, database: Database) -> None:
    """This failure mode means a document twice, or a person refused the account that the first try made."""
    actor = person()
    first, second = write(client, actor), write(client, actor)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.get_json() == second.get_json()
    assert first.content_type == second.content_type
    assert ("Idempotency-Replayed" in first.headers, second.headers["Idempotency-Replayed"]) == (False, "true")
    assert count_notes(database) == 1


def test_without_a_key_every_request_is_its_own(client: FlaskClient, database: Database) -> None:
    actor = person()
    answers = [client.post("/tiny/api/notes", json=BODY, headers=bearer(actor)).status_code for _ in range(2)]
    assert answers == [201, 409]
    assert kept(database) == []


def test_another_body_under_the_same_key_is_refused(client: FlaskClient, database: Database) -> None:
    actor = person()
    write(client, actor)
    other = write(client, actor, {**BODY, "title": "LAIN"})
    assert (other.status_code, other.get_json()["code"]) == (422, "idempotency-key-reused")
    assert count_notes(database) == 1


def test_a_key_is_its_accounts_alone(client: FlaskClient, database: Database) -> None:
    write(client, person())
    assert write(client, person(), {**BODY, "title": "LAIN"}).status_code == 201
    assert count_notes(database) == 2


@pytest.mark.parametrize("key", ["kurang", "x" * 201, "kunci-dengan-é-0001", "kunci\tdengan-tab-01"])
def test_what_can_be_no_key_is_refused(client: FlaskClient, key: str) -> None:
    answer = write(client, person(), key=key)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "idempotency-key-invalid")


def test_what_was_refused_is_not_kept(client: FlaskClient, database: Database) -> None:
    actor = person()
    assert write(client, actor, {**BODY, "title": "kecil"}).status_code == 422
    assert kept(database) == []
    assert write(client, actor).status_code == 201


def test_what_failed_before_anything_was_done_may_be_tried_again(client: FlaskClient, database: Database) -> None:
    for _ in range(2):
        assert client.post("/tiny/api/broken", headers={"Idempotency-Key": KEY}).status_code == 500
    assert kept(database) == []


def begin_and_die(client: FlaskClient, actor: Actor, monkeypatch: pytest.MonkeyPatch, *, acted: bool) -> None:
    """As if the process had been killed after, or before, the commit of what was asked."""
    with monkeypatch.context() as patch:
        patch.setattr("shared.web.app.idempotency.keep_answer", lambda database, response: response)
        write(client, actor, BODY if acted else {**BODY, "title": "kecil"})


def test_a_request_at_work_is_not_begun_again(
    client: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = person()
    begin_and_die(client, actor, monkeypatch, acted=True)
    again = write(client, actor)
    assert (again.status_code, again.get_json()["code"]) == (409, "idempotency-at-work")
    assert count_notes(database) == 1


def test_a_claim_is_held_for_as_long_as_its_request_lasts(
    client: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[str] = []
    monkeypatch.setattr(idempotency, "hold_claim", lambda service, claim: held.append(f"{service} {claim}"))
    monkeypatch.setattr(idempotency, "let_claim_go", lambda service, claim: held.remove(f"{service} {claim}"))
    actor = person()
    with monkeypatch.context() as patch:
        patch.setattr(idempotency, "let_claim_go", lambda service, claim: None)
        write(client, actor)
    (row,) = kept(database)
    assert held == [f"tiny {row.claim_id}"]
    held.clear()
    for body, status in ((BODY, 201), ({**BODY, "title": "kecil"}, 422), ({**BODY, "title": "DUA"}, 201)):
        assert write(client, actor, body, key=KEY if body is BODY else f"{KEY}-{status}").status_code == status
        assert held == []


def age_claims(database: Database) -> None:
    """Let every claim be past its lease: tokens go by the machine's clock, so that cannot be moved."""
    with database.unit_of_work() as session:
        for row in session.scalars(select(KeptAnswer)):
            row.begun_at -= timedelta(seconds=LEASE_SECONDS + 1)


def later(seconds: float) -> datetime:
    return real_now() + timedelta(seconds=seconds)


def test_one_whose_process_died_after_its_commit_is_never_done_again(
    client: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = person()
    begin_and_die(client, actor, monkeypatch, acted=True)
    age_claims(database)
    again = write(client, actor)
    assert (again.status_code, again.get_json()["code"]) == (409, "idempotency-done")
    assert count_notes(database) == 1


def test_one_whose_process_died_before_its_commit_is_taken_over(
    client: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = person()
    begin_and_die(client, actor, monkeypatch, acted=False)
    assert [row.acted_at for row in kept(database)] == [None]
    age_claims(database)
    assert write(client, actor, {**BODY, "title": "kecil"}).status_code == 422
    assert kept(database) == []


def test_nothing_of_the_answer_or_the_key_can_be_read_in_the_table(client: FlaskClient, database: Database) -> None:
    write(client, person())
    (row,) = kept(database)
    assert row.answer is not None
    for secret in (KEY, "CATATAN", "1990-01-01"):
        assert secret.encode() not in row.answer
        assert secret not in row.id + row.fingerprint


def sweep_at(database: Database, at: datetime) -> None:
    with read_from(lambda: at):
        sweep_rows(database, KEPT_ANSWERS)


def test_answers_go_after_48_hours(client: FlaskClient, database: Database) -> None:
    write(client, person())
    for hours, left in ((47, 1), (49, 0)):
        sweep_at(database, later(hours * 3600))
        assert len(kept(database)) == left


def test_a_file_sent_again_with_another_boundary_is_the_same_request(client: FlaskClient, database: Database) -> None:
    actor = person()

    def attach(content: bytes) -> TestResponse:
        data = {"title": "surat", "file": (BytesIO(content), "surat.pdf", "application/pdf")}
        return client.post("/tiny/api/attachments", data=data, headers={**bearer(actor), "Idempotency-Key": KEY})

    assert attach(b"%PDF-1.7 contoh").status_code == attach(b"%PDF-1.7 contoh").status_code == 201


def send(client: FlaskClient, csrf: str, title: str, key: str) -> TestResponse:
    data = {"csrf_token": csrf, "idempotency_key": key, "title": title, "born": "1990-01-01", "pages": "1"}
    return client.post("/tiny/notes/new", data=data)


def test_a_form_that_is_sent_twice_is_done_once(client: FlaskClient, database: Database) -> None:
    csrf = sign_in(client, person())
    first, second = send(client, csrf, "CATATAN", KEY), send(client, csrf, "CATATAN", KEY)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert count_notes(database) == 1


def test_a_form_that_was_mended_and_sent_again_is_another_request(client: FlaskClient, database: Database) -> None:
    csrf = sign_in(client, person())
    answers = [send(client, csrf, title, KEY).status_code for title in ("kecil", "CATATAN", "LAIN")]
    assert answers == [422, 303, 303]
    assert count_notes(database) == 2


def test_each_form_has_a_key_of_its_own(client: FlaskClient) -> None:
    sign_in(client, person(Role.APPLICANT))
    pages = [client.get("/tiny/notes/new").text for _ in range(2)]
    keys = {page.partition('name="idempotency_key" value="')[2].partition('"')[0] for page in pages}
    assert len(keys) == 2
    assert all(len(key) >= idempotency.SHORTEST for key in keys)


def test_another_applications_claim_is_never_stored_over(app: App, database: Database) -> None:
    """A claim that was taken over while its first holder hung: the late one's act is rolled back."""
    actor = person()

    def steal() -> None:
        with database.unit_of_work() as session:
            for row in session.scalars(select(KeptAnswer)):
                row.claim_id = uuid4()

    app.before_request_funcs.setdefault(None, []).append(steal)
    answer = write(app.test_client(), actor)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "idempotency-at-work")
    assert count_notes(database) == 0


def test_every_form_that_carries_the_secret_carries_a_key() -> None:
    root = Path(__file__).parents[3]
    files = [path for room in ("shared", "services") for path in (root / room).rglob("*.html")]
    bare = [
        str(path.relative_to(root))
        for path in files
        if path.name != "layout.html"  # its form signs out
        and path.read_text().count('name="csrf_token"') > path.read_text().count('name="idempotency_key"')
    ]
    assert bare == []
