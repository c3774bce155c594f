"""Mails as files in a folder: the embedded mode's way out, and what tests read."""

import tempfile
from pathlib import Path

from shared.durable import replace_file
from shared.mail.port import Mail


class FolderMailer:
    """Writes one `.eml` file per mail, named by its Message-ID: the same mail sent twice is one file."""

    def __init__(self, folder: Path, sender: str) -> None:
        self.folder = folder
        self.sender = sender

    def send(self, mail: Mail) -> None:
        """Write the mail's file, whole or not at all, also when the machine stops half-way."""
        replace_file(self.folder / self._name(mail), mail.as_message(self.sender).as_bytes())

    def probe(self) -> None:
        """Write a file and take it away again. Raises OSError when that cannot be done."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.folder, prefix=".", suffix=".part"):
            pass

    @staticmethod
    def _name(mail: Mail) -> str:
        safe = "".join(sign if sign.isalnum() or sign in "-_@." else "_" for sign in mail.message_id)
        return f"{safe.lstrip('.')}.eml"
