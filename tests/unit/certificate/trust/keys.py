"""Keys that the tests put in the operator's place."""

from collections.abc import Sequence
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from services.certificate.making.production import maker_pool
from shared.credentials import credential_key
from shared.credentials.keys import create_credential_key
from shared.documents.signing import document_signer
from shared.settings import settings
from tests.unit.documents.signatures import certificates, issued, pem


class Keys:
    """A folder with the operator's keys; each `install` is what a roll-over is: new files, and a restart."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.roots: list[x509.Certificate] = []

    @property
    def environment(self) -> dict[str, str]:
        return {
            "KOMPETEN_SIGNING_KEY_FILE": str(self.folder / "signing-key.pem"),
            "KOMPETEN_SIGNING_CHAIN_FILE": str(self.folder / "signing-chain.pem"),
            "KOMPETEN_CREDENTIAL_KEY_FILE": str(self.folder / "credential-key.pem"),
        }

    def install(self, days: Sequence[int] = (-1, 30)) -> x509.Certificate:
        """New keys, valid so many days from now; the root under which the signer's is."""
        root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        root = issued(root_key, f"Otoritas contoh {len(self.roots) + 1}", authority=True, days=(-400, 400))
        own = issued(key, "LSP contoh", (root_key, root), days=days)
        (self.folder / "signing-key.pem").write_bytes(pem(key))
        (self.folder / "signing-chain.pem").write_bytes(certificates(own, root))
        (self.folder / "credential-key.pem").unlink(missing_ok=True)
        create_credential_key(self.folder / "credential-key.pem")
        self.roots.append(root)
        restart()
        return root


def restart() -> None:
    """What a process has read is read anew."""
    for remembered in (settings, document_signer, credential_key, maker_pool):
        remembered.cache_clear()
