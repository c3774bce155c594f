"""The proxy's door: an own certificate and its successor, and clients that would keep the door for themselves."""

import socket
import ssl
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path

import httpx

from tests.containers.claims import Failed, hold
from tests.containers.probe import Probe
from tests.containers.stack import Stack

NAME = "lsp.contoh.test"
SLOW = 125
"""As many slow heads, and as many slow bodies."""
HEAD_SECONDS = 10.0
SECONDS = 20.0
LATEST_SECONDS = 30.0
"""Beyond those 20, for all together: what counts is that each is cut off, not how busy the machine is."""
RELOAD = ("caddy", "reload", "--force", "--config", "/etc/caddy/Caddyfile", "--address", "unix//tmp/admin.sock")


def prove_doors(stack: Stack) -> None:
    """HTTPS with an own certificate, changed without a new container; and slow clients in nobody's way."""
    prove_certificate(stack)
    prove_slow_clients(stack)


def prove_certificate(stack: Stack) -> None:
    """A second proxy shows the certificate that stands in deploy/secrets/tls, and the next one after a reload."""
    first = _give_certificate(stack, "first")
    settings = ("-e", f"SITE_ADDRESS={NAME}", "-e", "SITE_TLS=tls /run/tls/certificate.pem /run/tls/key.pem")
    publish = ("-p", f"127.0.0.1:{stack.tls_port + 1}:443")
    proxy = stack.compose("run", "-d", "--rm", "--no-deps", *publish, *settings, "proxy").split()[-1]
    try:
        hold(_answers(stack, first), f"https://{NAME} is answered under the own certificate")
        second = _give_certificate(stack, "second")
        subprocess.run(["docker", "exec", proxy, *RELOAD], check=True, capture_output=True)
        hold(_answers(stack, second) and not _answers(stack, first, 1), "and after a reload under its successor")
    finally:
        subprocess.run(["docker", "stop", proxy], check=False, capture_output=True)


def prove_slow_clients(stack: Stack) -> None:
    """250 connections that send a byte now and then: others are answered, and slow heads are cut off."""
    head = (
        f"POST /registration/api/tokens HTTP/1.1\r\nHost: 127.0.0.1:{stack.port}\r\nContent-Type: application/json\r\n"
    )
    with ExitStack() as opened, Probe(f"{stack.url}/registration/ready") as probe:
        connections = [
            opened.enter_context(socket.create_connection(("127.0.0.1", stack.port))) for _ in range(2 * SLOW)
        ]
        heads, bodies = connections[:SLOW], connections[SLOW:]
        for connection in bodies:
            connection.sendall(f"{head}Content-Length: 2000\r\n\r\n{{".encode())
        end = time.monotonic() + SECONDS
        left = list(head)
        while time.monotonic() < end:
            letter = left.pop(0) if left else " "
            for connection in connections:
                _send(connection, letter if connection in heads else " ")
            time.sleep(1)
        last = time.monotonic() + LATEST_SECONDS
        cut = sum(_is_cut(connection, last) for connection in heads)
    hold(set(probe.answers) == {"200"}, f"another visitor beside {2 * SLOW} slow connections: {probe}")
    hold(cut == SLOW, f"{cut} of {SLOW} slow heads were cut off; the proxy gives them {HEAD_SECONDS:.0f} s")


def _send(connection: socket.socket, letter: str) -> None:
    try:
        connection.sendall(letter.encode())
    except OSError:
        return  # it was cut off


def _is_cut(connection: socket.socket, last: float) -> bool:
    """Whether the other side ends this connection until then, with or without an answer."""
    connection.settimeout(max(0.1, last - time.monotonic()))
    try:
        while connection.recv(4096):
            pass
    except TimeoutError:
        return False
    except OSError:
        return True
    return True


def _give_certificate(stack: Stack, name: str) -> Path:
    """A certificate that signs itself, put where `deploy/prepare --certificate` puts it."""
    folder = stack.folder / "deploy" / "secrets" / "tls"
    certificate, key = stack.folder / f"{name}.pem", folder / "key.pem"
    subject = ("-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}")
    kind = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2")
    command = ["openssl", "req", "-x509", *kind, *subject, "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    (folder / "certificate.pem").write_bytes(certificate.read_bytes())
    key.chmod(0o444)
    return certificate


def _answers(stack: Stack, certificate: Path, tries: int = 10) -> bool:
    """Whether the second proxy answers under this certificate, checked as a browser would."""
    context = ssl.create_default_context(cafile=str(certificate))
    url, sni = f"https://127.0.0.1:{stack.tls_port + 1}/registration/ready", {"sni_hostname": NAME}
    for _ in range(tries):
        try:
            with httpx.Client(verify=context, timeout=10) as client:
                answer = client.get(url, headers={"Host": NAME}, extensions=sni)
            if answer.status_code != httpx.codes.OK:
                raise Failed(f"{url} answers {answer.status_code}")
            return True
        except httpx.HTTPError:
            time.sleep(1)
    return False
