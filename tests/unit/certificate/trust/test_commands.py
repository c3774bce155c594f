"""`kompeten signing ...` and `kompeten store ...`."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kompeten.commands.signing import signing
from kompeten.commands.store import store as store_command
from services.certificate.models import Certificate
from services.certificate.trust import queries as trust
from services.certificate.trust.commands import timestamping
from shared.database import opened
from shared.database.unit import Database
from shared.objectstore import object_store
from shared.settings import settings
from tests.servers.timestamps import Authority
from tests.servers.timestamps import timestamping as authority_in
from tests.unit.certificate.trust.scene import issue_many

Run = Callable[..., Result]


@pytest.fixture
def run(database: Database, store: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A command on this test's database."""
    monkeypatch.setattr(opened, "_databases", {"certificate": database})

    def call(*words: str) -> Result:
        group = {"signing": signing, "store": store_command}[words[0]]
        return CliRunner().invoke(group, list(words[1:]))

    return call


@pytest.fixture
def tsa(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store: Path) -> Iterator[Authority]:
    (tmp_path / "tsa").mkdir()
    with authority_in(tmp_path / "tsa") as authority:
        monkeypatch.setenv("KOMPETEN_TIMESTAMP_URL", authority.url)
        monkeypatch.setenv("KOMPETEN_TIMESTAMP_CA_FILE", str(authority.root))
        settings.cache_clear()
        yield authority
    settings.cache_clear()


@pytest.fixture
def proof(database: Database, tsa: Authority, tmp_path: Path) -> tuple[Path, Path, Certificate]:
    """A proof, the certificate's file, the certificate."""
    certificate, *_ = issue_many(database, 3)
    timestamping.stamp_register(database)
    with database.reading() as session:
        content = trust.view_proof(session, certificate.current.check_token).model_dump_json()
    (tmp_path / "proof.json").write_text(content)
    (tmp_path / "file.pdf").write_bytes(object_store().get(certificate.current.object_key))
    return tmp_path / "proof.json", tmp_path / "file.pdf", certificate


def test_a_proof_is_checked_from_files_alone(run: Run, proof: tuple[Path, Path, Certificate]) -> None:
    file, pdf, certificate = proof
    done = run("signing", "proof", str(file), "--certificate", str(pdf))
    assert done.exit_code == 0, done.output
    assert certificate.number in done.output
    assert "CN=Otoritas waktu contoh" in done.output


def test_a_proof_of_another_file_or_by_another_authority_is_refused(
    run: Run, proof: tuple[Path, Path, Certificate], tmp_path: Path
) -> None:
    file, pdf, _ = proof
    pdf.write_bytes(b"lain")
    assert "not of" in run("signing", "proof", str(file), "--certificate", str(pdf)).output
    (tmp_path / "other").mkdir()
    with authority_in(tmp_path / "other") as other:
        done = run("signing", "proof", str(file), "--authority", str(other.root))
    assert (done.exit_code, "does not hold" in done.output) == (1, True)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [('"version":1', '"version":2', "does not hold"), ('"count":3', '"count":0', "no proof"), ("{", "", "no proof")],
)
def test_a_forged_proof_is_refused(
    run: Run, proof: tuple[Path, Path, Certificate], old: str, new: str, said: str
) -> None:
    file, _, _ = proof
    file.write_text(file.read_text().replace(old, new, 1))
    done = run("signing", "proof", str(file))
    assert (done.exit_code, said in done.output) == (1, True), done.output


def test_whose_time_stamps_are_believed_must_be_said(run: Run, tmp_path: Path) -> None:
    (tmp_path / "proof.json").write_text("{}")
    assert "--authority" in run("signing", "proof", str(tmp_path / "proof.json")).output


def test_stamping_by_hand(run: Run, database: Database, tsa: Authority) -> None:
    issue_many(database, 1)
    assert run("signing", "stamp").output == "1 batches stamped\n"
    assert run("signing", "stamp").output == "0 batches stamped\n"


def test_stamping_without_an_authority_says_what_to_set(run: Run) -> None:
    assert "KOMPETEN_TIMESTAMP_URL" in run("signing", "stamp").output


def test_a_ready_system_says_so_and_one_that_is_not_says_why(run: Run, store: Path) -> None:
    done = run("signing", "check")
    assert (done.exit_code, "ready" in done.output) == (0, True)
    for path in sorted(store.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    store.rmdir()
    store.write_text("a file where the folder should be")
    done = run("signing", "check")
    assert (done.exit_code, done.output.startswith("store: ")) == (1, True)


def test_the_keys_that_were_used(run: Run, database: Database) -> None:
    from services.certificate.making import readiness

    readiness.require_readiness(database)
    lines = run("signing", "keys").output.splitlines()
    assert sorted(line.split("\t")[0] for line in lines) == ["credential", "document"]
    assert all(line.endswith("in use") for line in lines)


@pytest.mark.parametrize("words", [("check",), ("check", "--full")])
def test_a_store_in_order_and_one_that_is_not(
    run: Run, database: Database, store: Path, words: tuple[str, ...]
) -> None:
    one, _ = issue_many(database, 2)
    done = run("store", *words, "--service", "certificate")
    assert (done.exit_code, "2 in the register, 2 in the store, 0 wrong" in done.output) == (0, True), done.output
    (store / one.current.object_key).unlink()
    done = run("store", *words, "--service", "certificate")
    assert done.exit_code == 1
    assert f"missing\t{one.current.object_key}\t{one.number}" in done.output
    assert run("store", "report", "--service", "certificate").exit_code == 1


def test_a_report_of_nothing_says_so(run: Run) -> None:
    assert "no check yet" in run("store", "report", "--service", "certificate").output


def test_a_store_that_is_away_is_said(run: Run, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from shared.objectstore import StoreUnavailable
    from shared.objectstore.folder import FolderStore

    def away(*_: object, **__: object) -> None:
        raise StoreUnavailable("connection refused")

    monkeypatch.setattr(FolderStore, "page", away)
    done = run("store", "check", "--service", "certificate")
    assert (done.exit_code, "the store is away: connection refused" in done.output) == (1, True)
