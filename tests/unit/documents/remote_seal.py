"""A provider of signatures in a process of its own: gives its chain, then signs one digest a line. For tests alone."""

import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key


def main(key_file: str) -> None:
    key = load_pem_private_key(Path(key_file).read_bytes(), password=None)
    for line in sys.stdin:
        digest = bytes.fromhex(line)
        if isinstance(key, rsa.RSAPrivateKey):
            signature = key.sign(digest, padding.PKCS1v15(), utils.Prehashed(SHA256()))
        elif isinstance(key, ec.EllipticCurvePrivateKey):
            signature = key.sign(digest, ec.ECDSA(utils.Prehashed(SHA256())))
        print(signature.hex(), flush=True)


class RemoteSeal:
    """The port over that process's pipes: no key on this side."""

    def __init__(self, chain: list[x509.Certificate], key_file: Path) -> None:
        import subprocess

        self.chain = tuple(chain)
        command = [sys.executable, __file__, str(key_file)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def sign_digest(self, digest: bytes) -> bytes:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(digest.hex() + "\n")
        self._process.stdin.flush()
        return bytes.fromhex(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate(timeout=10)


if __name__ == "__main__":
    main(sys.argv[1])
