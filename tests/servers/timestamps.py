"""A time-stamping authority of a test's own: `openssl ts -reply` behind a small HTTP server."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.servers.packages import install, need

CONFIGURATION = """
[tsa]
default_tsa = own
[own]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
certs = {folder}/root.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
"""


class Authority:
    """Where it answers, its root's PEM file, and what it does: `behaviour` may be set to `away` or `refuse`."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.url = f"http://127.0.0.1:{port}/"
        self.root = folder / "root.pem"
        self.behaviour = ""
        self.asked = 0
        self._one_at_a_time = threading.Lock()

    def reply(self, query: bytes) -> tuple[int, bytes]:
        with self._one_at_a_time:
            return self._replied(query)

    def _replied(self, query: bytes) -> tuple[int, bytes]:
        self.asked += 1
        if self.behaviour == "away":
            return 503, b""
        if self.behaviour == "refuse":
            query = query.replace(bytes.fromhex("608648016503040201"), bytes.fromhex("608648016503040203"))
        (self.folder / "query").write_bytes(query)
        command = [str(need("openssl")), "ts", "-reply", "-config", str(self.folder / "tsa.cnf")]
        files = ["-queryfile", str(self.folder / "query"), "-out", str(self.folder / "reply")]
        subprocess.run([*command, *files], check=True, capture_output=True)
        return 200, (self.folder / "reply").read_bytes()


@contextmanager
def timestamping(folder: Path) -> Iterator[Authority]:
    """A running authority whose keys are in `folder`."""
    install("openssl", programs=("openssl",))
    make_keys(folder)
    (folder / "serial").write_text("01\n")
    (folder / "tsa.cnf").write_text(CONFIGURATION.format(folder=folder))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, body = authority.reply(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    authority = Authority(folder, server.server_port)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield authority
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def make_keys(folder: Path) -> None:
    """A root and, under it, a certificate for time stamping alone (RFC 3161 2.3)."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _certificate("Akar waktu contoh", "Akar waktu contoh", root_key, root_key, stamping=False)
    own = _certificate("Otoritas waktu contoh", "Akar waktu contoh", key, root_key, stamping=True)
    (folder / "root.pem").write_bytes(root.public_bytes(Encoding.PEM))
    (folder / "tsa.pem").write_bytes(own.public_bytes(Encoding.PEM))
    (folder / "tsa.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def _certificate(
    subject: str, issuer: str, key: ec.EllipticCurvePrivateKey, by: ec.EllipticCurvePrivateKey, *, stamping: bool
) -> x509.Certificate:
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=not stamping, path_length=None), critical=True)
    )
    if stamping:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return builder.sign(by, hashes.SHA256())
