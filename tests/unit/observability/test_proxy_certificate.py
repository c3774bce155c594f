import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from wsgiref.simple_server import WSGIServer, make_server

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from shared.observability.ailments import Code
from shared.observability.proxy_certificate import find_proxy_ailments
from shared.settings import Settings

NOW = datetime(2026, 11, 27, tzinfo=UTC)
ENDS = datetime(2027, 1, 15, tzinfo=UTC)


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`host:port` of a server that shows a certificate which ends at ENDS."""
    folder = tmp_path_factory.mktemp("tls")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*_write_certificate(folder))
    server = make_server("127.0.0.1", 0, lambda _environ, _start: [], server_class=WSGIServer)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(10)


def _write_certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "lsp.contoh.test")])
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, NOW - timedelta(days=60), ENDS)
    (folder / "certificate").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    (folder / "key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder / "certificate", folder / "key"


def ask(address: str, public_url: str = "https://lsp.contoh.test") -> Settings:
    return Settings(proxy_address=address, public_url=public_url, alarm_key_days=30)


def test_a_certificate_is_told_a_month_before_its_end(proxy: str) -> None:
    assert find_proxy_ailments(ask(proxy), ENDS - timedelta(days=31)) == []
    (told,) = find_proxy_ailments(ask(proxy), ENDS - timedelta(days=29))
    assert (told.service, told.code, told.figures["day"]) == ("proxy", Code.KEY, "2027-01-15")


def test_a_proxy_that_does_not_answer_is_told() -> None:
    (told,) = find_proxy_ailments(ask("127.0.0.1:1"), NOW)
    assert told.key == "proxy/service-away"


def test_a_system_without_https_has_no_certificate_to_look_at() -> None:
    assert find_proxy_ailments(ask("127.0.0.1:1", "http://localhost:8080"), NOW) == []
    assert find_proxy_ailments(ask(""), NOW) == []
