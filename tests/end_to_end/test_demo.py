"""The demo's cases in both ways to run, as a new user would start them."""

import os
import subprocess
from pathlib import Path

import pytest

from kompeten.services import NAMES
from shared.credentials.keys import create_credential_key
from shared.documents.authority import create_demo_authority
from shared.security.keys import create_keys
from tests.end_to_end.systems import KOMPETEN, PASSWORD, ROOT, deployed
from tests.servers.fixtures import FreshDatabase
from tests.servers.fresh import Bucket

LINES = (
    "the check page confirms",
    "mended and filed again",
    "is refused by the admission rules",
    "the panel upholds it",
    "that sheet is spoiled and kept with its reason; printed again on",
    "receipt ready to sign; 98 sheets are left",
    "the list for BNSP: 19 columns, 3 lines K and 1 BK; who took it is noted",
    "reviewed: maintained",
    "the holder is invited to recertification",
    "the PDF passes offline: format, signature, issuer, dates",
    "the number with a wrong code tells nothing",
    "the uploaded PDF passes format, signature, issuer, status, dates: valid",
    "a copy with one byte altered is not_genuine",
    "the old QR code says superseded, the new one valid",
    "reduced, for ",
    "as a dry run: 1 would be, 1 not",
    "every sheet of it says so: withdrawn, withdrawn, withdrawn",
    "the signed status list says so too: No longer in force",
    "register and store are compared both ways",
)
HEARD = (
    "an agency hears id.kompeten.public.certificate_issued.v1",
    "the agency has heard all of it: issued, reissued, suspended, reinstated, scope_reduced, withdrawn",
)


def run(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [KOMPETEN, *arguments], env={**os.environ, **environment}, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


@pytest.mark.timeout(300)
def test_the_embedded_system_plays_all_cases(tmp_path: Path) -> None:
    told = run({"KOMPETEN_DATA_DIR": str(tmp_path)}, "demo")
    for line in (*LINES, *HEARD):
        assert line in told
    certificate, address = told.strip().splitlines()[-2:]
    assert Path(certificate.removeprefix("certificate: ")).read_bytes().startswith(b"%PDF")
    assert "http://" in address


@pytest.mark.timeout(300)
def test_the_deployed_system_plays_all_cases_on_real_servers(
    tmp_path: Path, postgres_url: FreshDatabase, rabbitmq_vhost: object, s3: Bucket
) -> None:
    assert callable(rabbitmq_vhost)
    create_keys(tmp_path / "keys")
    create_demo_authority(tmp_path / "keys")
    create_credential_key(tmp_path / "keys/credential-key.pem")
    secrets = {"access": s3.server.access_key, "secret": s3.server.secret_key}
    for name, value in secrets.items():
        (tmp_path / name).write_text(value)
    broker = rabbitmq_vhost()
    environment = {
        "KOMPETEN_DATABASE_URL": postgres_url(*NAMES),
        "KOMPETEN_BROKER_URL": broker,
        "KOMPETEN_OBJECT_STORE_URL": s3.object_store_url,
        "KOMPETEN_OBJECT_STORE_REGION": s3.server.region,
        "KOMPETEN_OBJECT_STORE_ACCESS_KEY_FILE": str(tmp_path / "access"),
        "KOMPETEN_OBJECT_STORE_SECRET_KEY_FILE": str(tmp_path / "secret"),
        "KOMPETEN_MAIL_URL": f"file://{tmp_path}/mail",
        "KOMPETEN_TOKEN_PRIVATE_KEY_FILE": str(tmp_path / "keys/token-private.pem"),
        "KOMPETEN_TOKEN_PUBLIC_KEY_FILE": str(tmp_path / "keys/token-public.pem"),
        "KOMPETEN_ENCRYPTION_KEYS_DIR": str(tmp_path / "keys/encryption"),
        "KOMPETEN_SIGNING_KEY_FILE": str(tmp_path / "keys/signing-key.pem"),
        "KOMPETEN_SIGNING_CHAIN_FILE": str(tmp_path / "keys/signing-chain.pem"),
        "KOMPETEN_CREDENTIAL_KEY_FILE": str(tmp_path / "keys/credential-key.pem"),
    }
    run(environment, "migrate", "all")
    run(environment, "topology", "declare")
    with deployed(tmp_path, environment) as address:
        told = run(
            environment,
            *("demo", "--url", address, "--password", PASSWORD, "--agency", broker, "--into", str(tmp_path)),
        )
    for line in (*LINES, *HEARD):
        assert line in told
    assert run(environment, "dead-letters", "list").strip() == "0 dead"
    mails = list((tmp_path / "mail").glob("*.eml"))
    assert len(mails) > 30
