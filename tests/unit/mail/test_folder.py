"""Mails as files, and the choice of the way out."""

from email import message_from_bytes, policy
from pathlib import Path

import pytest

from shared.mail import FolderMailer, SmtpMailer, make_mailer
from shared.settings import Settings
from tests.unit.mail.test_smtp import SENDER, letter


def test_a_mail_becomes_one_file_that_mail_programs_open(tmp_path: Path) -> None:
    FolderMailer(tmp_path / "mail", SENDER).send(letter())
    [file] = (tmp_path / "mail").iterdir()
    assert file.name == "a1.b2@kompeten.contoh.test.eml"
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert message["Subject"] == "Sertifikat Anda terbit"


def test_the_same_mail_sent_twice_is_one_file(tmp_path: Path) -> None:
    way_out = FolderMailer(tmp_path, SENDER)
    way_out.send(letter())
    way_out.send(letter())
    assert len(list(tmp_path.iterdir())) == 1


def test_a_message_id_cannot_name_a_file_elsewhere(tmp_path: Path) -> None:
    mail = letter()
    evil = type(mail)(mail.to, mail.to_name, mail.subject, mail.text, "../../etc/x@contoh.test", mail.written_at)
    FolderMailer(tmp_path / "mail", SENDER).send(evil)
    assert [file.parent for file in tmp_path.rglob("*.eml")] == [tmp_path / "mail"]


def test_without_an_address_mails_go_to_the_data_folder(tmp_path: Path) -> None:
    chosen = make_mailer(Settings(data_dir=tmp_path))
    assert isinstance(chosen, FolderMailer)
    assert chosen.folder == tmp_path / "mail"


def test_a_file_address_names_the_folder(tmp_path: Path) -> None:
    chosen = make_mailer(Settings(mail_url=f"file://{tmp_path}/surat%20keluar"))
    assert isinstance(chosen, FolderMailer)
    assert chosen.folder == tmp_path / "surat keluar"


@pytest.mark.parametrize(
    ("url", "port", "implicit"),
    [("smtp://mail.contoh.test", 25, False), ("smtp://m:2525", 2525, False), ("smtps://m", 465, True)],
)
def test_an_smtp_address_names_server_port_and_encryption(url: str, port: int, implicit: bool, tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("rahasia-contoh\n")
    chosen = make_mailer(Settings(mail_url=url, mail_user="lsp", mail_password_file=secret))
    assert isinstance(chosen, SmtpMailer)
    assert (chosen.port, chosen.implicit_tls, chosen.password) == (port, implicit, "rahasia-contoh")


@pytest.mark.parametrize("url", ["http://mail.contoh.test", "smtp://", "mail.contoh.test:25"])
def test_any_other_address_is_refused_with_what_it_should_be(url: str) -> None:
    with pytest.raises(ValueError, match="smtp://host:port"):
        make_mailer(Settings(mail_url=url))
