from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from services.certificate.commands.life import Suspend, reinstate_certificate, suspend_certificate, withdraw_certificate
from services.certificate.commands.revising import Reduce, Reissue, reduce_scope, reissue_certificate
from shared import clock
from shared.database.unit import Database
from shared.settings import settings
from tests.unit.certificate.checking.scene import Held, answer, hand_out, issue, outcome, upload
from tests.unit.certificate.scene import CHAIR, REASON, Candidate
from tests.unit.certificate.web import API, committed

BEFORE = [("format", True), ("signature", True), ("issuer", True)]
Ask = Callable[[FlaskClient, Held], tuple[str, list[tuple[str, bool]]]]

WAYS: dict[str, Ask] = {
    "pdf": lambda client, held: outcome(upload(client, held.pdf)),
    "credential": lambda client, held: outcome(upload(client, held.credential, "kredensial.json")),
    "pasted credential": lambda client, held: outcome(
        client.post(f"{API}/check/text", json={"text": held.credential.decode()})
    ),
    "qr": lambda client, held: outcome(client.post(f"{API}/check/text", json={"text": held.qr})),
}


@pytest.fixture(params=WAYS)
def ask(request: pytest.FixtureRequest) -> Ask:
    return WAYS[request.param]


@pytest.fixture
def held(database: Database, store: object, candidate: Candidate) -> Held:
    return issue(database, candidate)


def test_a_genuine_copy_passes_all_five_checks_in_order(client: FlaskClient, held: Held, ask: Ask) -> None:
    assert ask(client, held) == ("valid", [*BEFORE, ("status", True), ("dates", True)])


def test_whoever_holds_a_copy_learns_the_minimum(client: FlaskClient, held: Held) -> None:
    found = answer(upload(client, held.pdf))
    assert (found["genuine"], found["holds"]) == (True, True)
    assert set(found["certificate"]) == {
        "number", "holder_name", "scheme", "issuer", "status", "status_since", "issued_on", "expires_on",
        "suspended_until", "version", "superseded", "check_url", "units",
    }  # fmt: skip
    assert found["certificate"]["units"] == []
    assert found["title"] == {"id": "Berlaku", "en": "Valid"}


def test_the_issuer_is_told_by_name(client: FlaskClient, held: Held) -> None:
    found = answer(upload(client, held.pdf))
    assert "LSP Pustakawan (contoh)" in found["checks"][2]["said"]["id"]
    assert "Librarian Certification Body (sample)" in found["checks"][2]["said"]["en"]


def test_suspended_until_its_limit(client: FlaskClient, database: Database, held: Held, ask: Ask) -> None:
    until = clock.today() + timedelta(days=30)
    wanted = Suspend(reason=REASON.reason, until=until)
    committed(database, lambda s: suspend_certificate(s, CHAIR, held.version.certificate_id, wanted))
    assert ask(client, held) == ("suspended", [*BEFORE, ("status", False)])
    found = answer(upload(client, held.pdf))
    assert (found["genuine"], found["holds"]) == (True, False)
    assert found["certificate"]["suspended_until"] == until.isoformat()


def test_valid_again_when_reinstated(client: FlaskClient, database: Database, held: Held, ask: Ask) -> None:
    wanted = Suspend(reason=REASON.reason, until=clock.today() + timedelta(days=30))
    committed(database, lambda s: suspend_certificate(s, CHAIR, held.version.certificate_id, wanted))
    committed(database, lambda s: reinstate_certificate(s, CHAIR, held.version.certificate_id, REASON))
    assert ask(client, held)[0] == "valid"


def test_withdrawn_since_a_day(client: FlaskClient, database: Database, held: Held, ask: Ask) -> None:
    committed(database, lambda s: withdraw_certificate(s, CHAIR, held.version.certificate_id, REASON))
    assert ask(client, held) == ("withdrawn", [*BEFORE, ("status", False)])
    assert answer(upload(client, held.pdf))["certificate"]["status_since"] == clock.today().isoformat()


def test_expired_the_day_after_the_last(
    client: FlaskClient, held: Held, ask: Ask, on_day: Callable[[date], None]
) -> None:
    last = held.version.certificate.expires_on
    on_day(last)
    assert ask(client, held)[0] == "valid"
    on_day(last + timedelta(days=1))
    assert ask(client, held) == ("expired", [*BEFORE, ("status", True), ("dates", False)])


def test_a_corrected_sheet_supersedes_the_old_one_whose_copies_say_so(
    client: FlaskClient, database: Database, held: Held, ask: Ask
) -> None:
    wanted = Reissue(reason=REASON.reason, holder_name="SITI CONTOH BENAR")

    def correct(session: object) -> Held:
        version = reissue_certificate(session, CHAIR, held.version.certificate_id, wanted)  # type: ignore[arg-type]
        return hand_out(session, version)  # type: ignore[arg-type]

    newer = committed(database, correct)
    assert ask(client, held) == ("superseded", [*BEFORE, ("status", False)])
    assert ask(client, newer)[0] == "valid"
    shown = answer(upload(client, held.pdf))["certificate"]
    assert (shown["status"], shown["superseded"], shown["version"]) == ("valid", True, 1)
    assert shown["holder_name"] == "SITI CONTOH BENAR"


def test_a_reduced_scope_names_the_units_that_remain(
    client: FlaskClient, database: Database, held: Held, ask: Ask
) -> None:
    kept = held.version.units[:1]
    wanted = Reduce(reason=REASON.reason, units=kept)

    def reduce(session: object) -> Held:
        version = reduce_scope(session, CHAIR, held.version.certificate_id, wanted)  # type: ignore[arg-type]
        return hand_out(session, version)  # type: ignore[arg-type]

    newer = committed(database, reduce)
    assert ask(client, newer) == ("reduced", [*BEFORE, ("status", True), ("dates", True)])
    units = answer(upload(client, newer.pdf))["certificate"]["units"]
    assert [unit["code"] for unit in units] == kept
    assert ask(client, held)[0] == "superseded"


def test_what_was_issued_before_the_public_address_changed_is_genuine_for_good(
    client: FlaskClient, held: Held, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOMPETEN_PUBLIC_URL", "https://sertifikasi.contoh.test")
    settings.cache_clear()
    assert ask(client, held) == ("valid", [*BEFORE, ("status", True), ("dates", True)])
    assert outcome(client.post(f"{API}/check/text", json={"text": held.version.check_url}))[0] == "valid"
    moved = held.version.check_url.replace("http://127.0.0.1:8000", "https://sertifikasi.contoh.test")
    assert outcome(client.post(f"{API}/check/text", json={"text": moved}))[0] == "valid"
