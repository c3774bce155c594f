"""Sending over SMTP, against a real server on loopback."""

import datetime
import ipaddress
import smtplib
import socket
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from shared.mail import Mail, MailRefused, SmtpMailer
from tests.unit.mail.server import smtp_server

SENDER = "LSP Pustakawan (contoh) <lsp@contoh.test>"


def letter(to: str = "siti@contoh.test") -> Mail:
    return Mail(
        to=to,
        to_name="Siti Contoh",
        subject="Sertifikat Anda terbit",
        text="Yth. Siti Contoh,\n\nSertifikat Anda terbit – selamat.\n",
        message_id="a1.b2@kompeten.contoh.test",
        written_at=datetime.datetime(2026, 11, 21, 3, 0, tzinfo=datetime.UTC),
    )


@pytest.fixture
def tls(tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context with a certificate of its own, and a client's that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    start = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=7))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "server.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cafile=str(file))


def test_a_mail_arrives_with_its_subject_text_and_message_id() -> None:
    with smtp_server() as box:
        SmtpMailer(box.host, box.port, SENDER).send(letter())
    [mail] = box.received
    assert mail["Message-ID"] == "<a1.b2@kompeten.contoh.test>"
    assert mail["Subject"] == "Sertifikat Anda terbit"
    assert mail["To"] == "Siti Contoh <siti@contoh.test>"
    assert mail["Content-Language"] == "id"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "terbit – selamat" in mail.get_content()


def test_the_connection_is_encrypted_where_the_server_offers_it(tls: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    server, client = tls
    with smtp_server(tls=server) as box:
        SmtpMailer(box.host, box.port, SENDER, tls=client).send(letter())
    assert box.encrypted == [True]


def test_a_server_that_shows_an_unknown_certificate_gets_no_mail(
    tls: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    with smtp_server(tls=tls[0]) as box, pytest.raises(ssl.SSLCertVerificationError):
        SmtpMailer(box.host, box.port, SENDER).send(letter())
    assert box.received == []


def test_user_and_password_are_given_after_encryption(tls: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    server, client = tls
    with smtp_server(tls=server, wants_login=True) as box:
        SmtpMailer(box.host, box.port, SENDER, tls=client, user="lsp", password="rahasia-contoh").send(letter())
    assert box.logins == [(b"lsp", b"rahasia-contoh")]
    assert box.encrypted == [True]


def test_an_address_the_server_will_never_know_is_refused_for_good() -> None:
    with smtp_server() as box:
        box.recipient_answer = "550 no such user"
        with pytest.raises(MailRefused):
            SmtpMailer(box.host, box.port, SENDER).send(letter())


def test_a_server_that_is_busy_may_be_tried_again() -> None:
    with smtp_server() as box:
        box.answer = "451 try again later"
        with pytest.raises(smtplib.SMTPDataError):
            SmtpMailer(box.host, box.port, SENDER).send(letter())
        box.answer = "250 OK"
        SmtpMailer(box.host, box.port, SENDER).send(letter())
    assert len(box.received) == 1


def test_content_the_server_will_never_take_is_refused_for_good() -> None:
    with smtp_server() as box:
        box.answer = "554 rejected"
        with pytest.raises(MailRefused):
            SmtpMailer(box.host, box.port, SENDER).send(letter())


def test_a_server_that_is_away_is_an_error_of_the_network() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(OSError):  # noqa: PT011 - whichever the system says
        SmtpMailer("127.0.0.1", port, SENDER).send(letter())


def test_a_server_that_never_answers_is_given_up_after_the_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(OSError, match="timed out"):
        SmtpMailer("127.0.0.1", silent.getsockname()[1], SENDER, timeout=0.2).send(letter())


def test_a_subject_cannot_smuggle_a_header_in() -> None:
    with smtp_server() as box:
        mail = letter()
        SmtpMailer(box.host, box.port, SENDER).send(
            Mail(mail.to, mail.to_name, "Halo\nBcc: lain@contoh.test", mail.text, mail.message_id, mail.written_at)
        )
    assert box.received[0]["Bcc"] is None
    assert box.received[0]["Subject"] == "Halo Bcc: lain@contoh.test"
