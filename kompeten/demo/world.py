"""The certificate in the world: strangers check it, the chair corrects, suspends, reduces and withdraws it."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kompeten.demo.agency import Agency
from kompeten.demo.cast import Cast
from kompeten.demo.client import Client, DemoFailed, Refused, wait_for
from shared.clock import JAKARTA
from shared.credentials import did
from shared.credentials.did import Issuer
from shared.credentials.standing import find_standing
from shared.credentials.verdicts import Check, Standing, Trust
from shared.credentials.verification import verify_credential

Say = Callable[[str], None]
CHECK = "/certificate/api/check"
FACTS = ("issued", "reissued", "suspended", "reinstated", "scope_reduced", "withdrawn")
REASON = "Contoh: ditunjukkan dalam demo."
UNKNOWN = "91011 2622 4 999999 2026"


def check_as_strangers(cast: Cast, say: Say, me: Client, certificate: dict[str, Any], folder: Path) -> Path:
    """Play case 6, first half: the holder downloads the PDF, strangers verify it. Returns its path."""
    path = f"/certificate/api/certificates/{certificate['id']}"
    pdf, credential = me.download(f"{path}/pdf"), me.download(f"{path}/credential")
    (folder / "certificate.pdf").write_bytes(pdf)
    (folder / "certificate.json").write_bytes(credential)
    _offline(cast, say, pdf, credential)
    token = _token(certificate)
    found = cast.nobody.get(f"{CHECK}/{token}")
    shown = found["certificate"]
    say(f"the check page confirms: {shown['number']} of {shown['holder_name']} is {found['standing']}")
    pair = {"number": certificate["number"], "code": f"{token[:5]}-{token[5:10]}"}
    found = cast.nobody.post(f"{CHECK}/number", pair)
    say(f"so it does by number and check code {pair['code']}: {found['standing']}")
    try:
        cast.nobody.post(f"{CHECK}/number", {**pair, "code": "aaaaa-aaaaa"})
    except Refused as refused:
        say(f"the number with a wrong code tells nothing: {refused.code}")
    else:
        raise DemoFailed("a wrong check code was answered")
    found = _upload(cast.nobody, "sertifikat.pdf", pdf)
    say(f"the uploaded PDF passes {_steps(found)}: {found['standing']}")
    place = pdf.index(b"/Title") + 10
    altered = _upload(cast.nobody, "sertifikat.pdf", pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :])
    say(f"a copy with one byte altered is {altered['standing']}: {altered['checks'][-1]['said']['en']}")
    return folder / "certificate.pdf"


def follow_its_life(cast: Cast, say: Say, certificate: dict[str, Any], agency: Agency | None) -> None:
    """Play case 6, second half: corrected, suspended, reinstated, reduced, withdrawn; the check follows each step."""
    chair, path = cast["ketua"], f"/certificate/api/certificates/{certificate['id']}"
    corrected = certificate["holder_name"].replace("SANTOSO", "SANTOSA")
    chair.post(f"{path}/reissue", {"reason": REASON, "holder_name": corrected})
    newer = _version(chair, path, 2)
    say(f"the name is corrected to {corrected}: a new sheet, the same number {newer['number']}")
    say(f"the old QR code says {_standing(cast, certificate)}, the new one {_standing(cast, newer)}")
    until = (cast.today + timedelta(days=60)).isoformat()
    chair.post(f"{path}/suspend", {"reason": REASON, "until": until})
    say(f"suspended until {until}: {_standing(cast, newer)}")
    chair.post(f"{path}/reinstate", {"reason": REASON})
    say(f"reinstated: {_standing(cast, newer)}")
    chair.post(f"{path}/reduce", {"reason": REASON, "units": newer["units"][:1]})
    reduced = _version(chair, path, 3)
    shown = cast.nobody.get(f"{CHECK}/{_token(reduced)}")
    units = ", ".join(unit["code"] for unit in shown["certificate"]["units"])
    say(f"the scope is reduced: {shown['standing']}, for {units} alone")
    _withdrawn_by_list(cast, say, reduced["number"])
    say(f"every sheet of it says so: {', '.join(_standing(cast, one) for one in (certificate, newer, reduced))}")
    _struck_off(cast, say, chair.download(f"{path}/credential"))
    _compared(cast, say)
    if agency is not None:
        number = certificate["number"]
        wait_for("the agency's events", lambda: set(agency.heard_of(number)) >= set(FACTS))
        say(f"the agency has heard all of it: {', '.join(agency.heard_of(number))}")


def _offline(cast: Cast, say: Say, pdf: bytes, credential: bytes) -> None:
    """Verify as `kompeten verify` does, with the issuer's did.json saved beforehand."""
    for kind, data in (("PDF", pdf), ("credential", credential)):
        verdict = verify_credential(data, Trust(_issuer(cast), _noon(cast)))
        if verdict.failed or not verdict.genuine:
            raise DemoFailed(f"the {kind} does not pass offline: {verdict.findings[-1].words.en}")
        say(f"the {kind} passes offline: {', '.join(verdict.performed)}")


def _withdrawn_by_list(cast: Cast, say: Say, number: str) -> None:
    """Withdraw by a list of numbers: a dry run, then the chair starts it, and each line says what came of it."""
    lines = [{"number": number}, {"number": UNKNOWN}]
    dry = cast["sertifikasi"].post(
        "/certificate/api/bulk/lists", {"kind": "withdraw", "reason": REASON, "lines": lines}
    )
    counts = dry["counts"]
    say(f"a list of {dry['total']} to withdraw, as a dry run: {counts['planned']} would be, {counts['left_out']} not")
    path = f"/certificate/api/bulk/{dry['id']}"
    cast["ketua"].post(f"{path}/start")
    done = wait_for("the list", lambda: _finished(cast["ketua"].get(path)))
    say(f"the chair starts it: {done['counts']['done']} withdrawn, the report is kept")


def _struck_off(cast: Cast, say: Say, credential: bytes) -> None:
    """Verify as `kompeten verify --online` does: it asks the signed status lists, not the check page."""

    def fetch(address: str) -> bytes:
        return cast.nobody.download(urlsplit(address).path)

    def status(base: str, index: int) -> Standing:
        return find_standing(base, index, fetch, issuer, lambda: datetime.now(UTC))

    issuer = _issuer(cast)
    findings = verify_credential(credential, Trust(issuer, _noon(cast), status=status)).findings
    found = next(one for one in findings if one.check is Check.STATUS)
    if found.passed:
        raise DemoFailed("the status list does not know of the withdrawal")
    say(f"the signed status list says so too: {found.words.en}")


def _compared(cast: Cast, say: Say) -> None:
    """Compare the register with the store, both ways."""
    chair, path = cast["ketua"], "/certificate/api/trust/checks"
    begun = chair.post(path, {"full": False})["id"]
    done = wait_for("the check of the store", lambda: _finished(chair.get(f"{path}/{begun}")))
    if done["wrong"]:
        raise DemoFailed(f"register and store differ in {done['wrong']} places")
    say(f"register and store are compared both ways: {done['matched']} files, none missing, none too many")


def _issuer(cast: Cast) -> Issuer:
    return did.read_did_document(cast.nobody.download("/certificate/did.json"))


def _noon(cast: Cast) -> datetime:
    return datetime.combine(cast.today, time(12), JAKARTA)


def _finished(work: dict[str, Any]) -> dict[str, Any] | None:
    return work if work["finished_at"] else None


def _version(chair: Client, path: str, version: int) -> dict[str, Any]:
    """The certificate once that version of it is in force."""

    def look() -> dict[str, Any] | None:
        found: dict[str, Any] = chair.get(path)
        return found if found["current_version"] == version else None

    return wait_for(f"version {version}", look)


def _standing(cast: Cast, certificate: dict[str, Any]) -> str:
    return str(cast.nobody.get(f"{CHECK}/{_token(certificate)}")["standing"])


def _upload(nobody: Client, name: str, data: bytes) -> dict[str, Any]:
    found: dict[str, Any] = nobody.upload(f"{CHECK}/file", {}, name, data, "application/pdf")
    return found


def _steps(found: dict[str, Any]) -> str:
    return ", ".join(step["check"] for step in found["checks"] if step["passed"])


def _token(certificate: dict[str, Any]) -> str:
    return str(certificate["check_url"]).rpartition("/")[2]
