"""R15 (9.5): suspension: holder told, limit set, shown on the check page; at the limit the next act is proposed."""

from datetime import timedelta
from typing import Any

import pytest

from shared import clock
from shared.contracts.certificate import CertificateReinstated
from tests.rules.playing import Candidate, Played, refused, refused_post, retell

REASON = "Laporan surveilans tidak masuk (contoh)"
Held = tuple[Candidate, dict[str, Any]]


@pytest.fixture(scope="module")
def held(played: Played) -> Held:
    return played.certified("LIMABELAS CONTOH")


def check(played: Played, held: Held) -> dict[str, Any]:
    answer: dict[str, Any] = played.cast.nobody.get(f"/certificate/api/check/{held[1]['check_url'].rsplit('/', 1)[1]}")
    return answer


def test_no_suspension_without_a_limit_that_can_be_kept(played: Played, held: Held) -> None:
    """Left out, today, and after the certificate's own end: by API and page."""
    chair, path = played.cast["ketua"], f"/certificate/api/certificates/{held[1]['id']}/suspend"
    late = clock.today().replace(year=clock.today().year + 9, day=1).isoformat()
    for until in (None, clock.today().isoformat(), late):
        body = {"reason": REASON, **({"until": until} if until else {})}
        assert refused_post(chair, path, body, "suspension-limit", "invalid-input").status == 422
        played.send_form("ketua", path.replace("/api/certificates", ""), {"reason": REASON, "until": until or ""})
    assert check(played, held)["standing"] == "valid"


def test_no_list_in_a_file_suspends_without_a_limit(played: Played, held: Held) -> None:
    """Prepared by the head of certification: the dry run refuses the line, and there is nothing to start."""
    file = ("daftar.csv", f"nomor;alasan;batas\n{held[1]['number']};{REASON};\n".encode(), "text/csv")
    upload = {"kind": "suspend", "reason": REASON}
    batch = played.cast["sertifikasi"].upload("/certificate/api/bulk/files", upload, *file)
    refused(lambda: played.cast["sertifikasi"].post(f"/certificate/api/bulk/{batch['id']}/start"), "not-allowed")
    refused(lambda: played.cast["ketua"].post(f"/certificate/api/bulk/{batch['id']}/start"), "batch-empty")
    played.body.settle()
    assert check(played, held)["standing"] == "valid"


def test_a_suspension_is_told_shown_and_proposed_to_be_settled_at_its_limit(played: Played, held: Held) -> None:
    chair, path = played.cast["ketua"], f"/certificate/api/certificates/{held[1]['id']}"
    until = clock.today() + timedelta(days=20)
    chair.post(f"{path}/suspend", {"reason": REASON, "until": until.isoformat()})
    answer = check(played, held)
    assert (answer["standing"], answer["holds"]) == ("suspended", False)
    assert answer["certificate"]["suspended_until"] == until.isoformat()
    mails = played.cast.admin.get("/notification/api/mails", q=held[0].person.email, size=50)["items"]
    assert any(mail["letter"] == "certificate_suspended" and REASON in mail["text"] for mail in mails)
    assert not chair.get("/certificate/api/work")["past_their_limit"]
    clock.set_ahead(21 * 86_400)
    played.body.settle()
    chair = played.cast.nobody.signed_in("ketua@contoh.test", played.cast.password)
    waiting = chair.get("/certificate/api/work")["past_their_limit"]
    assert held[1]["number"] in str(waiting)
    assert check(played, held)["standing"] == "suspended"


def test_only_the_chair_ends_it(played: Played, held: Held) -> None:
    """The surveillance stage tells that it is over; the head of certification tries by API, page and file."""
    path = f"/certificate/api/certificates/{held[1]['id']}/reinstate"
    refused(lambda: played.cast["sertifikasi"].post(path, {"reason": REASON}), "not-allowed")
    page = path.replace("/api/certificates", "")
    assert played.send_form("sertifikasi", page, {"reason": REASON}).status_code == 403
    file = ("daftar.csv", f"nomor\n{held[1]['number']}\n".encode(), "text/csv")
    batch = played.cast["sertifikasi"].upload(
        "/certificate/api/bulk/files", {"kind": "reinstate", "reason": REASON}, *file
    )
    refused(lambda: played.cast["sertifikasi"].post(f"/certificate/api/bulk/{batch['id']}/start"), "not-allowed")
    played.body.settle()
    assert check(played, held)["standing"] == "suspended"
    other = played.told("certificate", "id.kompeten.certificate.certificate_suspended.v1", held[1]["number"])
    lie = retell(other).model_copy(update={"type": CertificateReinstated.type, "sequence": other.sequence + 1})
    played.forge("surveillance", "registration", lie)
    assert check(played, held)["standing"] == "suspended"
